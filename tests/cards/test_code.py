"""The code of a card and the QR code that holds it."""

import io
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from prep.cards import qr
from prep.cards.code import ALPHABET, card_code, check_characters, content_digest, read_code, spoken
from prep.cards.page import Pen
from prep.errors import Refused


def test_the_code_has_no_sign_that_can_be_mistaken() -> None:
    assert len(ALPHABET) == 32
    assert not set("ILOU") & set(ALPHABET)


def test_the_code_is_the_first_forty_bits_of_the_digest() -> None:
    # 0x0102030405 in groups of five bits: 0 4 1 0 6 1 0 5.
    assert card_code("0102030405" + "f" * 54) == "04106105"


def test_another_attempt_gives_another_code() -> None:
    digest = content_digest({"a": 1})
    assert len({card_code(digest, attempt) for attempt in range(5)}) == 5


def test_the_order_of_the_values_makes_no_difference_to_the_digest() -> None:
    assert content_digest({"a": 1, "b": ["å", None]}) == content_digest({"b": ["å", None], "a": 1})


def test_a_misread_sign_does_not_pass_the_check_characters() -> None:
    code = "K7Q2M4ZD"
    misread = [code[:place] + sign + code[place + 1 :] for place in range(8) for sign in ALPHABET]
    same = Counter(check_characters(one) == check_characters(code) for one in misread if one != code)
    # 248 misreadings of one sign, of which chance lets 0.24 through; none here.
    assert same == {False: 248}


def test_the_printed_code_is_in_two_groups() -> None:
    assert spoken("K7Q2M4ZD") == "K7Q2-M4ZD"


@pytest.mark.parametrize("code", ["K7Q2M4ZD", "00000000", "ZZZZZZZZ"])
def test_the_qr_code_is_read_back_from_paper(tmp_path: Path, code: str) -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(100, 100))
    pen = Pen(canvas)
    canvas.translate(0, 100)
    qr.draw(pen, 10, 10, 65, code)
    pen.lift()
    canvas.save()
    (tmp_path / "code.pdf").write_bytes(file.getvalue())
    # As a poor copier gives it: 120 dots to the inch.
    subprocess.run(["pdftoppm", "-r", "120", "-png", "code.pdf", "code"], cwd=tmp_path, check=True)
    run = subprocess.run(
        ["zbarimg", "--quiet", "--raw", "code-1.png"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == f"PREP:{code}:{check_characters(code)}"


@pytest.mark.parametrize(
    "typed", ["K7Q2M4ZD", "k7q2-m4zd", " K7Q2 M4ZD ", "K7Q2–M4ZD", "PREP:K7Q2M4ZD:TJ", "K7Q2-M4ZD-TJ"]
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    read = read_code(typed)
    assert read.code == "K7Q2M4ZD"
    assert read.is_checked == typed.endswith("TJ")


def test_what_is_mistaken_for_a_digit_is_read_as_it() -> None:
    assert read_code("O1IL0000").code == "01110000"


@pytest.mark.parametrize("typed", ["", "K7Q2M4Z", "K7Q2M4ZU", "K7Q2M4ZD9", "Ä7Q2M4ZD"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match=r"The code.* eight characters"):
        read_code(typed)


def test_one_wrong_character_is_found_out_by_the_check_characters() -> None:
    for place in range(8):
        wrong = list("K7Q2M4ZD")
        wrong[place] = "3"
        with pytest.raises(Refused, match="do not fit the eight"):
            read_code("".join(wrong) + "TJ")
