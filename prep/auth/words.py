"""Roles, permissions and ways of signing in, as people read them."""

from prep.auth.roles import Permission
from prep.language import Message, say
from prep.terms import AccountRole, SignInMethod

ROLE_NAMES = {
    AccountRole.COUNTY_PLANNER: say("county planner"),
    AccountRole.MUNICIPAL_CONTACT: say("municipal contact"),
    AccountRole.EXERCISE_DIRECTOR: say("exercise director"),
    AccountRole.DUTY_OFFICER: say("duty officer"),
    AccountRole.VIEWER: say("viewer"),
    AccountRole.ADMINISTRATOR: say("administrator"),
}

METHOD_NAMES = {
    SignInMethod.PASSWORD: say("password only"),
    SignInMethod.TOTP: say("authenticator app"),
    SignInMethod.RECOVERY_CODE: say("recovery code"),
    SignInMethod.PASSKEY: say("passkey"),
    SignInMethod.PROVIDER: say("organisation’s account"),
    SignInMethod.PROVIDER_ALONE: say("organisation’s account only"),
    SignInMethod.DEMONSTRATION: say("link of the demonstration"),
}

PERMISSION_NAMES: dict[Permission, Message] = {
    Permission.OVERVIEW_READ: say("see the overview"),
    Permission.MUNICIPALITY_READ: say("see a municipality’s preparedness"),
    Permission.SITE_READ: say("see premises"),
    Permission.SITE_EDIT: say("add, confirm and change premises"),
    Permission.CONTACT_READ: say("see who holds which role"),
    Permission.CONTACT_PHONE: say("see telephone numbers and addresses"),
    Permission.CONTACT_EDIT: say("appoint, confirm and change contacts"),
    Permission.BODY_READ: say("see bodies and their seats"),
    Permission.BODY_EDIT: say("fill seats and change bodies"),
    Permission.PLAN_READ: say("see evacuation plans"),
    Permission.PLAN_EDIT: say("make and change evacuation plans"),
    Permission.CROSS_BORDER_READ: say("see who takes in whom across borders"),
    Permission.CHAIN_READ: say("see alert chains and what was simulated"),
    Permission.CHAIN_EDIT: say("change alert chains"),
    Permission.CHAIN_SIMULATE: say("simulate alert chains"),
    Permission.DRILL_READ: say("see alert drills"),
    Permission.DRILL_START: say("start an alert drill"),
    Permission.CARD_READ: say("see action cards"),
    Permission.CARD_PRINT: say("print cards"),
    Permission.CARD_EDIT: say("change and approve action cards"),
    Permission.EXERCISE_READ: say("see exercises and their scripts"),
    Permission.EXERCISE_EDIT: say("write, run and evaluate exercises"),
    Permission.READINESS_READ: say("see indicators and duties"),
    Permission.READINESS_EDIT: say("record indicators and answer duties"),
    Permission.REGION_READ: say("see the county’s agreements and municipalities"),
    Permission.EXPORT: say("take data out as files"),
    Permission.AUDIT_READ: say("see who changed what and when"),
    Permission.AUDIT_VALUES: say("see the changed values in the audit trail"),
    Permission.ACCOUNT_MANAGE: say("manage accounts and roles"),
    Permission.SETTINGS_READ: say("see the settings and the state of the system"),
    Permission.SETTINGS_EDIT: say("change the settings"),
    Permission.BACKUP_MAKE: say("make backups"),
}
