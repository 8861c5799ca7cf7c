"""Columns of lists that are remembered; premises that were found to be two"""

import sqlalchemy as sa
from alembic import op

import prep.models.base

revision = '0010'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('remembered_column',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('list_kind', sa.String(length=80), nullable=False),
    sa.Column('municipality_code', sa.String(length=3), nullable=True),
    sa.Column('headings', sa.String(length=64), nullable=False),
    sa.Column('heading', sa.String(length=300), nullable=False),
    sa.Column('field', sa.String(length=80), nullable=False),
    sa.Column('said_on', sa.Date(), nullable=False),
    sa.Column('said_by', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['municipality_code'], ['municipality.code'], name=op.f('fk_remembered_column_municipality_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remembered_column')),
    sa.UniqueConstraint('list_kind', 'municipality_code', 'headings', 'heading', name=op.f('uq_remembered_column_list_kind_municipality_code_headings_heading'))
    )
    op.create_table('possible_site_double',
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.Column('decided_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.CheckConstraint('site_id < other_id', name=op.f('ck_possible_site_double_in_order')),
    sa.ForeignKeyConstraint(['other_id'], ['site.id'], name=op.f('fk_possible_site_double_other_id')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_possible_site_double_site_id')),
    sa.PrimaryKeyConstraint('site_id', 'other_id', name=op.f('pk_possible_site_double'))
    )


def downgrade() -> None:
    op.drop_table('possible_site_double')
    op.drop_table('remembered_column')
