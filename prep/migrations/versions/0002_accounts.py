"""Accounts"""

import sqlalchemy as sa
from alembic import op
import prep.models.base

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('login', sa.String(length=200), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('language', sa.Enum('fi', 'sv', 'en', name='language', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('passkey_handle', sa.String(length=43), nullable=False),
    sa.Column('created_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('disabled_at', prep.models.base.Moment(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('login', name=op.f('uq_account_login')),
    sa.UniqueConstraint('passkey_handle', name=op.f('uq_account_passkey_handle'))
    )
    op.create_table('login_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('step', sa.Enum('password', 'second_factor', 'passkey', name='signinstep', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('account_key', sa.String(length=64), nullable=True),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_attempt'))
    )
    op.create_index(op.f('ix_login_attempt_account_key_at'), 'login_attempt', ['account_key', 'at'])
    op.create_index(op.f('ix_login_attempt_address_at'), 'login_attempt', ['address', 'at'])
    op.create_index(op.f('ix_login_attempt_at'), 'login_attempt', ['at'])
    op.create_table('api_token',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('prefix', sa.String(length=12), nullable=False),
    sa.Column('scopes', sa.JSON(), nullable=False),
    sa.Column('created_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('expires_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('last_used_at', prep.models.base.Moment(timezone=True), nullable=True),
    sa.Column('revoked_at', prep.models.base.Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_api_token_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_token')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_api_token_token_hash'))
    )
    op.create_index(op.f('ix_api_token_account_id'), 'api_token', ['account_id'])
    op.create_table('ceremony',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('purpose', sa.Enum('second_factor', 'passkey_registration', 'passkey_sign_in', name='ceremonypurpose', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('challenge', sa.String(length=100), nullable=False),
    sa.Column('expires_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_ceremony_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ceremony')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_ceremony_token_hash'))
    )
    op.create_index(op.f('ix_ceremony_account_id'), 'ceremony', ['account_id'])
    op.create_table('login_session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('method', sa.Enum('password', 'totp', 'recovery_code', 'passkey', 'demonstration', name='signinmethod', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('created_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('last_seen_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('proven_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('ended_at', prep.models.base.Moment(timezone=True), nullable=True),
    sa.Column('agent', sa.String(length=200), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_login_session_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_session')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_login_session_token_hash'))
    )
    op.create_index(op.f('ix_login_session_account_id'), 'login_session', ['account_id'])
    op.create_table('one_time_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('purpose', sa.Enum('setup', 'invite', 'reset', 'demonstration', name='linkpurpose', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('created_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('expires_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('used_at', prep.models.base.Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_one_time_link_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_one_time_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_one_time_link_token_hash'))
    )
    op.create_index(op.f('ix_one_time_link_account_id'), 'one_time_link', ['account_id'])
    op.create_table('passkey',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('credential_id', sa.String(length=1364), nullable=False),
    sa.Column('public_key', sa.String(length=2000), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('created_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('sign_count', sa.BigInteger(), nullable=False),
    sa.Column('last_used_at', prep.models.base.Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_passkey_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passkey')),
    sa.UniqueConstraint('credential_id', name=op.f('uq_passkey_credential_id'))
    )
    op.create_index(op.f('ix_passkey_account_id'), 'passkey', ['account_id'])
    op.create_table('recovery_code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('salt', sa.String(length=32), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('used_at', prep.models.base.Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_recovery_code_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_code'))
    )
    op.create_index(op.f('ix_recovery_code_account_id'), 'recovery_code', ['account_id'])
    op.create_table('second_factor',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('secret', sa.String(length=300), nullable=False),
    sa.Column('created_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('confirmed_at', prep.models.base.Moment(timezone=True), nullable=True),
    sa.Column('last_step', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_second_factor_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_second_factor')),
    sa.UniqueConstraint('account_id', name=op.f('uq_second_factor_account_id'))
    )
    op.create_table('account_grant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.Enum('county_planner', 'municipal_contact', 'exercise_director', 'duty_officer', 'viewer', 'administrator', name='accountrole', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('municipality_code', sa.String(length=3), nullable=True),
    sa.Column('role_term_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('starts', sa.Date(), nullable=False),
    sa.Column('ends', sa.Date(), nullable=True),
    sa.CheckConstraint("role <> 'municipal_contact' OR municipality_code IS NOT NULL", name=op.f('ck_account_grant_contact_of_a_municipality')),
    sa.CheckConstraint("role IN ('municipal_contact', 'viewer') OR municipality_code IS NULL", name=op.f('ck_account_grant_role_of_the_county')),
    sa.CheckConstraint('ends IS NULL OR ends >= starts', name=op.f('ck_account_grant_ends_after_starts')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_grant_account_id')),
    sa.ForeignKeyConstraint(['municipality_code'], ['municipality.code'], name=op.f('fk_account_grant_municipality_code')),
    sa.ForeignKeyConstraint(['role_term_id'], ['role_term.id'], name=op.f('fk_account_grant_role_term_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_grant'))
    )
    op.create_index(op.f('ix_account_grant_account_id'), 'account_grant', ['account_id'])


def downgrade() -> None:
    op.drop_table('account_grant')
    op.drop_table('second_factor')
    op.drop_table('recovery_code')
    op.drop_table('passkey')
    op.drop_table('one_time_link')
    op.drop_table('login_session')
    op.drop_table('ceremony')
    op.drop_table('api_token')
    op.drop_table('login_attempt')
    op.drop_table('account')
