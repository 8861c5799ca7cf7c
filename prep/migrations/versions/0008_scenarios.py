"""The county's own scenarios"""

import sqlalchemy as sa
from alembic import op

import prep.models.base

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('scenario',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('hours', sa.JSON(), nullable=False),
    sa.Column('at', prep.models.base.Moment(timezone=True), nullable=True),
    sa.Column('away_p', sa.Double(), nullable=True),
    sa.Column('down', sa.JSON(), nullable=False),
    sa.Column('fails', sa.JSON(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('away_p IS NULL OR (away_p >= 0 AND away_p <= 1)', name=op.f('ck_scenario_away_is_a_share')),
    sa.ForeignKeyConstraint(['county_id'], ['county.id'], name=op.f('fk_scenario_county_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scenario')),
    sa.UniqueConstraint('county_id', 'key', name=op.f('uq_scenario_county_id_key'))
    )


def downgrade() -> None:
    op.drop_table('scenario')
