"""The register of issued cards knows printings, and where each copy is"""

import sqlalchemy as sa
from alembic import op

import prep.models.base

revision = '0017'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('print_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('printed_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('printed_by', sa.String(length=200), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_print_run'))
    )
    op.create_table('card_copies',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('copies', sa.Integer(), nullable=False),
    sa.Column('holder', sa.String(length=300), nullable=False),
    sa.Column('place', sa.String(length=300), nullable=False),
    sa.Column('state', sa.Enum('out', 'returned', 'destroyed', 'lost', name='copystate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('state_on', sa.Date(), nullable=True),
    sa.Column('replaced_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('copies > 0', name=op.f('ck_card_copies_some_copies')),
    sa.ForeignKeyConstraint(['code'], ['issued_card.code'], name=op.f('fk_card_copies_code')),
    sa.ForeignKeyConstraint(['replaced_by_id'], ['card_copies.id'], name=op.f('fk_card_copies_replaced_by_id')),
    sa.ForeignKeyConstraint(['run_id'], ['print_run.id'], name=op.f('fk_card_copies_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_card_copies'))
    )
    op.create_index(op.f('ix_card_copies_run_id'), 'card_copies', ['run_id'])
    op.create_index(op.f('ix_card_copies_code'), 'card_copies', ['code'])
    op.add_column('issued_card', sa.Column('parts', sa.JSON(), nullable=False, server_default='{}'))
    # What was printed before is out, in one printing: how often each was printed with it is not known any more.
    op.execute(
        "INSERT INTO print_run (printed_at, printed_by, name) "
        "SELECT max(last_printed_at), '', '' FROM issued_card HAVING count(*) > 0"
    )
    op.execute(
        "INSERT INTO card_copies (run_id, code, copies, holder, place, state, version) "
        "SELECT (SELECT min(id) FROM print_run), code, copies, holder, '', 'out', 1 FROM issued_card"
    )
    with op.batch_alter_table('issued_card') as table:
        table.alter_column('parts', server_default=None)
        table.drop_column('holder')


def downgrade() -> None:
    op.add_column('issued_card', sa.Column('holder', sa.String(length=300), nullable=False, server_default=''))
    with op.batch_alter_table('issued_card') as table:
        table.alter_column('holder', server_default=None)
        table.drop_column('parts')
    op.drop_table('card_copies')
    op.drop_table('print_run')
