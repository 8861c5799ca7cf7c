"""``prep cards exercise``: the cards and sheets of an exercise, from its file."""

from pathlib import Path

import click

from prep import clock
from prep.cards.exercise_terms import ExercisePrint
from prep.cli.output import as_json, show_json, show_table
from prep.cli.rights import right
from prep.language import say
from prep.terms import CardFormat, Language

# What an exercise can be cut to; a table card is always folded.
_FORMATS = (CardFormat.A4, CardFormat.A5, CardFormat.A6)


@right("public")
@click.command("exercise")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([str(one) for one in ExercisePrint]),
    help="Only this kind of print; may be given several times.",
)
@click.option(
    "--number", "numbers", multiple=True, type=click.IntRange(min=1), help="Only this situation or inject."
)
@click.option(
    "--format", "chosen", type=click.Choice([str(one) for one in _FORMATS]), help="The size of a face."
)
@click.option(
    "--lang", type=click.Choice([str(one) for one in Language]), help="One of the exercise’s languages."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="PDF", help="The PDF to write.")
@click.option("--example", is_flag=True, help="Show a whole exercise as a file, to begin from.")
@as_json
def exercise(
    *,
    file: Path | None,
    kinds: tuple[str, ...],
    numbers: tuple[int, ...],
    chosen: str | None,
    lang: str | None,
    output: Path | None,
    example: bool,
    json_wanted: bool,
) -> None:
    """Print the situations, players' cards, injects, evaluators' sheets and table cards of an exercise.

    FILE is the exercise as TOML; docs/exercise-file.md describes it.
    """
    from prep.cards.exercise_file import SAMPLE, read_exercise
    from prep.cards.exercise_prints import exercise_batches
    from prep.cards.imposing import write_prints
    from prep.cli.drafts import draft

    if example:
        click.echo(SAMPLE.read_text(encoding="utf-8"), nl=False)
        return
    if file is None or output is None:
        raise click.UsageError("FILE and -o are needed, or --example.")
    at = clock.now()
    content = read_exercise(file, Language(lang) if lang else None)
    batches = exercise_batches(
        content,
        [ExercisePrint(one) for one in kinds] or list(ExercisePrint),
        at=at,
        numbers=numbers,
        chosen=CardFormat(chosen) if chosen else None,
    )
    with draft(output) as pdf:
        printed = write_prints(pdf, batches, title=content.name, language=content.language, at=at)
    if json_wanted:
        show_json({"prints": printed.prints, "sides": printed.sides, "file": str(output)})
    else:
        show_table([say("Prints"), say("Sides"), say("File")], [[printed.prints, printed.sides, str(output)]])
