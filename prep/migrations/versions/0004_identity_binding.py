"""Identities at a provider of sign-ins, and what is asked of passkeys and providers"""

import sqlalchemy as sa
from alembic import op
import prep.models.base

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

# What a column may hold: table, column, name of its check, before, after.
KINDS = (
    ('ceremony', 'purpose', 'ceremonypurpose',
     ('second_factor', 'passkey_registration', 'passkey_sign_in'),
     ('passkey_proof', 'provider_sign_in', 'provider_proof', 'provider_binding')),
    ('login_session', 'method', 'signinmethod',
     ('password', 'totp', 'recovery_code', 'passkey', 'demonstration'),
     ('provider', 'provider_alone')),
    ('login_attempt', 'step', 'signinstep',
     ('password', 'second_factor', 'passkey'),
     ('provider',)),
)


def upgrade() -> None:
    op.create_table('identity',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('issuer', sa.String(length=500), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('created_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('last_used_at', prep.models.base.Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_identity_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_identity')),
    sa.UniqueConstraint('issuer', 'subject', name=op.f('uq_identity_issuer_subject'))
    )
    op.create_index(op.f('ix_identity_account_id'), 'identity', ['account_id'])
    for table, column, check, before, more in KINDS:
        _allow(table, column, check, before + more)


def downgrade() -> None:
    for table, column, check, before, more in KINDS:
        # Sign-ins of a kind that is no longer known end with it.
        kinds = sa.table(table, sa.column(column))
        op.execute(kinds.delete().where(kinds.c[column].in_(more)))
        _allow(table, column, check, before)
    op.drop_index(op.f('ix_identity_account_id'), table_name='identity')
    op.drop_table('identity')


def _allow(table: str, column: str, check: str, kinds: tuple[str, ...]) -> None:
    name = op.f(f'ck_{table}_{check}')
    with op.batch_alter_table(table) as batch:
        # SQLite cannot change a check: the table is copied, and checks are not among what is copied.
        if op.get_context().dialect.name != 'sqlite':
            batch.drop_constraint(name, type_='check')
        batch.create_check_constraint(name, sa.column(column).in_(kinds))
