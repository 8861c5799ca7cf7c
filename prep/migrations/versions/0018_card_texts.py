"""The county's own card texts, version by version"""

import sqlalchemy as sa
from alembic import op

import prep.models.base

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

DISRUPTIONS = (
    'power_outage', 'water_contamination', 'telecom_outage', 'cyber_attack', 'storm', 'flood', 'hazardous_substance',
    'mass_evacuation', 'wildfire', 'pandemic', 'military_threat', 'school_accident',
)


def upgrade() -> None:
    op.create_table('card_text',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('disruption', sa.Enum(*DISRUPTIONS, name='disruption', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('base', sa.JSON(), nullable=False),
    sa.Column('conflicts', sa.JSON(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('saved_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('saved_by', sa.String(length=200), nullable=False),
    sa.Column('status', sa.Enum('draft', 'approved', name='textstatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('approved_role', sa.String(length=200), nullable=False),
    sa.Column('approved_by', sa.String(length=200), nullable=False),
    sa.Column('approved_on', sa.Date(), nullable=True),
    sa.Column('review_due', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_card_text')),
    sa.UniqueConstraint('disruption', 'version', name=op.f('uq_card_text_disruption_version'))
    )


def downgrade() -> None:
    op.drop_table('card_text')
