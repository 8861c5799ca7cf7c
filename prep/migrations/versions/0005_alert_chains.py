"""What an alert chain can say: conditions, call-backs, hand-overs, required sets, duty turns; drafts of it"""

import sqlalchemy as sa
from alembic import op
import prep.models.base

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('chain') as batch:
        batch.add_column(sa.Column('one_of', sa.JSON(), nullable=False, server_default='[]'))
        batch.add_column(sa.Column('each_constituency', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('chain_list') as batch:
        batch.add_column(sa.Column('handover_s', sa.Integer(), nullable=True))
        batch.add_column(sa.Column('follow_up_s', sa.Integer(), nullable=True))
        batch.create_check_constraint('handover_not_negative', 'handover_s IS NULL OR handover_s >= 0')
        batch.create_check_constraint('follow_up_not_negative', 'follow_up_s IS NULL OR follow_up_s >= 0')
    with op.batch_alter_table('chain_item') as batch:
        batch.add_column(sa.Column('wait_s', sa.Integer(), nullable=True))
        batch.add_column(sa.Column('condition_kind', sa.Enum('answered', 'silent', name='if', native_enum=False, create_constraint=True, length=40), nullable=True))
        batch.add_column(sa.Column('condition_position', sa.Integer(), nullable=True))
        batch.add_column(sa.Column('hours', sa.JSON(), nullable=False, server_default='[]'))
        batch.add_column(sa.Column('calls_back', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.create_check_constraint('wait_not_negative', 'wait_s IS NULL OR wait_s >= 0')
        batch.create_check_constraint('condition_has_its_step', '(condition_kind IS NULL) = (condition_position IS NULL)')
    # Only the rows that are there needed a value; new ones bring their own.
    with op.batch_alter_table('chain') as batch:
        batch.alter_column('one_of', server_default=None)
        batch.alter_column('each_constituency', server_default=None)
    with op.batch_alter_table('chain_item') as batch:
        batch.alter_column('hours', server_default=None)
        batch.alter_column('calls_back', server_default=None)
    op.create_table('duty_shift',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('role_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('starts_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('ends_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('is_override', sa.Boolean(), nullable=False),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_duty_shift_ends_after_starts')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_duty_shift_person_id')),
    sa.ForeignKeyConstraint(['role_id'], ['role.id'], name=op.f('fk_duty_shift_role_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duty_shift'))
    )
    op.create_index(op.f('ix_duty_shift_role_id'), 'duty_shift', ['role_id'])
    op.create_table('chain_draft',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('chain_id', sa.Integer(), nullable=False),
    sa.Column('chain_version', sa.Integer(), nullable=False),
    sa.Column('made_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('network_digest', sa.String(length=64), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['chain_id'], ['chain.id'], name=op.f('fk_chain_draft_chain_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_chain_draft'))
    )
    op.create_index(op.f('ix_chain_draft_chain_id'), 'chain_draft', ['chain_id'])


def downgrade() -> None:
    op.drop_table('chain_draft')
    op.drop_table('duty_shift')
    with op.batch_alter_table('chain_item') as batch:
        batch.drop_constraint('condition_has_its_step', type_='check')
        batch.drop_constraint('wait_not_negative', type_='check')
        batch.drop_constraint('if', type_='check')
        for column in ('calls_back', 'hours', 'condition_position', 'condition_kind', 'wait_s'):
            batch.drop_column(column)
    with op.batch_alter_table('chain_list') as batch:
        batch.drop_constraint('follow_up_not_negative', type_='check')
        batch.drop_constraint('handover_not_negative', type_='check')
        batch.drop_column('follow_up_s')
        batch.drop_column('handover_s')
    with op.batch_alter_table('chain') as batch:
        batch.drop_column('each_constituency')
        batch.drop_column('one_of')
