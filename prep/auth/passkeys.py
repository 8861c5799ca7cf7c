"""Passkeys (WebAuthn): a key pair on a device, opened by the owner's finger, face or code.

What the device has to sign is made here and kept on the server. A passkey shows both that the device is there
and who holds it, so it signs in alone, without name and password.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    generate_challenge,
    parse_authentication_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from prep import audit, clock
from prep.auth import ceremonies, recovery, sessions, ways
from prep.auth.sessions import SignedIn
from prep.auth.totp import Enrolled
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.models import Account, Passkey
from prep.terms import CeremonyPurpose, SignInMethod, SignInStep

_TIMEOUT_MS = int(ceremonies.LASTS.total_seconds() * 1000)
_LONGEST_NAME = 100
# An answer that is not what the standard says: the library's own errors, and those that odd bytes cause in it.
_BAD_ANSWER = (WebAuthnException, ValueError, KeyError, TypeError, IndexError, AttributeError)


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """For whom passkeys are made: the host name, what people know it by, and the address of the pages.

    A passkey works under this host name only, for ever: choose it with care.
    """

    id: str
    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser is asked: ``options`` is JSON for it, ``token`` comes back with the answer."""

    token: str = field(repr=False)
    options: str


def registration_options(session: Session, signed_in: SignedIn, *, party: RelyingParty) -> Asked:
    """Ask the browser to make a passkey.

    Raises
    ------
    ProofNeeded
        If the password was given too long ago.
    """
    sessions.require_fresh_proof(signed_in)
    account = signed_in.account
    challenge = generate_challenge()
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_id=base64url_to_bytes(account.passkey_handle),
        user_name=account.login,
        user_display_name=account.name,
        challenge=challenge,
        timeout=_TIMEOUT_MS,
        # The same device twice would only confuse.
        exclude_credentials=_known(session, account),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return _asked(session, CeremonyPurpose.PASSKEY_REGISTRATION, challenge, options_to_json(options), account)


def register(
    session: Session, signed_in: SignedIn, token: str, answer: str, *, name: str, party: RelyingParty
) -> Enrolled:
    """Keep the passkey that the browser has made. The account is signed out everywhere else.

    ``answer`` is the JSON of the browser's credential.

    Raises
    ------
    ProofNeeded
        If the password was given too long ago.
    Refused
        If the browser was not asked, the answer is not valid, or the passkey is known already.
    """
    sessions.require_fresh_proof(signed_in)
    account = signed_in.account
    ceremony = ceremonies.under_way(session, token, CeremonyPurpose.PASSKEY_REGISTRATION)
    if ceremony is None or ceremony.account_id != account.id or not ceremonies.finish(session, ceremony):
        raise _refused(say("It took more than five minutes, or was not begun here."), say("Begin again."))
    if not 0 < len(name.strip()) <= _LONGEST_NAME or not name.isprintable():
        raise _refused(
            say("It has a name of 1 to 100 letters."),
            say("Name it after the device, for example “work phone”."),
        )
    try:
        verified = verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(ceremony.challenge),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except _BAD_ANSWER as error:
        raise _refused(
            say("The device’s answer could not be verified."),
            say(
                "Try again at the usual address of the pages, with a device that asks for your finger, face or code."
            ),
        ) from error
    credential_id = bytes_to_base64url(verified.credential_id)
    if _find(session, credential_id) is not None:
        raise _refused(say("This passkey is known already."), say("Use another device."))
    session.add(
        Passkey(
            account_id=account.id,
            credential_id=credential_id,
            public_key=bytes_to_base64url(verified.credential_public_key),
            name=name.strip(),
            created_at=clock.now(),
            sign_count=verified.sign_count,
        )
    )
    session.flush()
    sessions.end_all(session, account, why="second factor added", keep=signed_in.login_session)
    codes = () if recovery.left(session, account) else recovery.renew(session, account)
    return Enrolled(codes, sessions.prove(session, signed_in.login_session, method=SignInMethod.PASSKEY))


def sign_in_options(session: Session, *, party: RelyingParty) -> Asked:
    """Ask the browser for any passkey that it has for these pages."""
    challenge = generate_challenge()
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        timeout=_TIMEOUT_MS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _asked(session, CeremonyPurpose.PASSKEY_SIGN_IN, challenge, options_to_json(options), None)


def proof_options(session: Session, signed_in: SignedIn, *, party: RelyingParty) -> Asked:
    """Ask the browser for a passkey of whoever is signed in."""
    account = signed_in.account
    challenge = generate_challenge()
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        timeout=_TIMEOUT_MS,
        allow_credentials=_known(session, account),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _asked(session, CeremonyPurpose.PASSKEY_PROOF, challenge, options_to_json(options), account)


def owner(
    session: Session,
    token: str,
    answer: str,
    *,
    party: RelyingParty,
    purpose: CeremonyPurpose = CeremonyPurpose.PASSKEY_SIGN_IN,
) -> Account | None:
    """Whose passkey has signed what was asked; None if it was not asked, or nobody's has.

    Whatever the answer, it was the only one: the challenge is used up.
    """
    ceremony = ceremonies.under_way(session, token, purpose)
    if ceremony is None or not ceremonies.finish(session, ceremony):
        return None
    try:
        credential = parse_authentication_credential_json(answer)
    except _BAD_ANSWER:
        return None
    passkey = _find(session, bytes_to_base64url(credential.raw_id))
    if passkey is None or not _is_of(credential, passkey.account):
        return None
    if ceremony.account_id not in {None, passkey.account_id}:
        return None
    try:
        verified = verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(ceremony.challenge),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            # Compared below, where it gets a name of its own.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except _BAD_ANSWER as error:
        # Somebody has a known passkey's name and not its key: worth a line in the trail.
        _note(session, "refused", passkey, error=type(error).__name__)
        return None
    count = verified.new_sign_count
    # A device that counts must have counted on; of one that was copied, one of the two has not.
    if (count or passkey.sign_count) and count <= passkey.sign_count:
        _note(session, "refused", passkey, error="sign count", count=count, known=passkey.sign_count)
        return None
    passkey.sign_count = count
    passkey.last_used_at = clock.now()
    session.flush()
    _note(session, "used", passkey, purpose=purpose)
    return passkey.account


def _note(session: Session, action: str, passkey: Passkey, **more: object) -> None:
    audit.note(session, action, passkey, {"step": SignInStep.PASSKEY, "name": passkey.name, **more})


def remove(session: Session, signed_in: SignedIn, passkey: Passkey) -> None:
    """Take a passkey away. The account is signed out everywhere else.

    Raises
    ------
    ProofNeeded
        If the password was given too long ago.
    Refused
        If it is the only way into the account.
    ValueError
        If the passkey is another account's.
    """
    sessions.require_fresh_proof(signed_in)
    if passkey.account_id != signed_in.account.id:
        raise ValueError("a passkey is removed by its owner")
    ways.require_other(session, signed_in.account, passkey)
    session.delete(passkey)
    session.flush()
    sessions.end_all(session, signed_in.account, why="second factor removed", keep=signed_in.login_session)


def drop_all(session: Session, account: Account) -> None:
    """Take away all passkeys of somebody who has lost the device."""
    for passkey in listed(session, account):
        session.delete(passkey)
    session.flush()


def listed(session: Session, account: Account) -> Sequence[Passkey]:
    """The passkeys of an account, the oldest first."""
    return session.scalars(select(Passkey).where(Passkey.account_id == account.id).order_by(Passkey.id)).all()


def _asked(
    session: Session, purpose: CeremonyPurpose, challenge: bytes, options: str, account: Account | None
) -> Asked:
    token = ceremonies.begin(session, purpose, account=account, challenge=bytes_to_base64url(challenge))
    return Asked(token, options)


def _known(session: Session, account: Account) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential_id))
        for one in listed(session, account)
    ]


def _find(session: Session, credential_id: str) -> Passkey | None:
    return session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))


def _is_of(credential: AuthenticationCredential, account: Account) -> bool:
    handle = credential.response.user_handle
    return handle is None or bytes_to_base64url(handle) == account.passkey_handle


def _refused(rule: Message, remedy: Message) -> Refused:
    return Refused(Problem(place=say("The passkey"), value=None, rule=rule, remedy=remedy))
