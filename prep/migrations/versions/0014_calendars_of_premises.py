"""When premises can be had: their calendars and what takes them"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('site_calendar',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('known_until', sa.Date(), nullable=True),
    sa.Column('confirmed_on', sa.Date(), nullable=True),
    sa.Column('confirmed_by', sa.String(length=200), nullable=True),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_site_calendar_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site_calendar')),
    sa.UniqueConstraint('site_id', name=op.f('uq_site_calendar_site_id'))
    )
    op.create_table('site_booking',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('taken', 'on_notice', name='bookingkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('starts_min', sa.Integer(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('rule', sa.String(length=300), nullable=False),
    sa.Column('excluded', sa.JSON(), nullable=False),
    sa.Column('zone', sa.String(length=60), nullable=False),
    sa.Column('notice_h', sa.Double(), nullable=True),
    sa.Column('uid', sa.String(length=300), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('starts_min >= 0 AND starts_min < 1440', name=op.f('ck_site_booking_begins_within_the_day')),
    sa.CheckConstraint('minutes > 0', name=op.f('ck_site_booking_lasts')),
    sa.CheckConstraint("(kind = 'on_notice') = (notice_h IS NOT NULL)", name=op.f('ck_site_booking_notice_where_it_is_given')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_site_booking_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site_booking'))
    )
    op.create_index(op.f('ix_site_booking_site_id'), 'site_booking', ['site_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_site_booking_site_id'), table_name='site_booking')
    op.drop_table('site_booking')
    op.drop_table('site_calendar')
