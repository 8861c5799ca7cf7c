"""The registry"""

import sqlalchemy as sa
from alembic import op
import prep.models.base

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('freshness_interval',
    sa.Column('kind', sa.Enum('contact', 'role', 'seat', 'site', name='freshnesskind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.CheckConstraint('days >= 1', name=op.f('ck_freshness_interval_days_at_least_one')),
    sa.PrimaryKeyConstraint('kind', name=op.f('pk_freshness_interval'))
    )
    op.create_table('outbox_message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('recipient', sa.String(length=300), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('pending', 'sending', 'sent', 'failed', 'unknown', name='outboxstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('written_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('due_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('leased_until', prep.models.base.Moment(timezone=True), nullable=True),
    sa.Column('lease', sa.String(length=32), nullable=False),
    sa.Column('sent_at', prep.models.base.Moment(timezone=True), nullable=True),
    sa.Column('answer', sa.String(length=300), nullable=False),
    sa.CheckConstraint('attempts >= 0', name=op.f('ck_outbox_message_attempts_not_negative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox_message')),
    sa.UniqueConstraint('reason', name=op.f('uq_outbox_message_reason'))
    )
    with op.batch_alter_table('outbox_message', schema=None) as batch_op:
        batch_op.create_index('ix_outbox_message_state_due_at', ['state', 'due_at'], unique=False)

    op.create_table('submission',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_submission'))
    )
    with op.batch_alter_table('submission', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_submission_at'), ['at'], unique=False)

    op.create_table('absence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('starts', sa.Date(), nullable=False),
    sa.Column('ends', sa.Date(), nullable=True),
    sa.CheckConstraint('ends IS NULL OR ends >= starts', name=op.f('ck_absence_ends_after_starts')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_absence_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absence'))
    )
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_absence_person_id'), ['person_id'], unique=False)

    op.create_table('calendar_feed',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('created_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('revoked_at', prep.models.base.Moment(timezone=True), nullable=True),
    sa.Column('last_read_at', prep.models.base.Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_calendar_feed_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_feed')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_calendar_feed_token_hash'))
    )
    with op.batch_alter_table('calendar_feed', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_calendar_feed_person_id'), ['person_id'], unique=False)

    op.create_table('meeting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('body_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('ends_at', prep.models.base.Moment(timezone=True), nullable=True),
    sa.Column('place', sa.String(length=300), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('status', sa.Enum('planned', 'held', 'cancelled', name='meetingstatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('invite_by', sa.Date(), nullable=True),
    sa.Column('invited_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('ends_at IS NULL OR ends_at >= starts_at', name=op.f('ck_meeting_ends_after_starts')),
    sa.ForeignKeyConstraint(['body_id'], ['body.id'], name=op.f('fk_meeting_body_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting'))
    )
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_body_id'), ['body_id'], unique=False)

    op.create_table('meeting_rule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('body_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('min', sa.Integer(), nullable=False),
    sa.Column('max', sa.Integer(), nullable=True),
    sa.Column('period', sa.Enum('year', 'council_term', name='period', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('is_per_area', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('max IS NULL OR max >= min', name=op.f('ck_meeting_rule_max_not_below_min')),
    sa.CheckConstraint('min >= 1', name=op.f('ck_meeting_rule_min_at_least_one')),
    sa.ForeignKeyConstraint(['body_id'], ['body.id'], name=op.f('fk_meeting_rule_body_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_rule')),
    sa.UniqueConstraint('body_id', 'position', name=op.f('uq_meeting_rule_body_id_position'))
    )
    op.create_table('possible_double',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.Column('decided_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.CheckConstraint('person_id < other_id', name=op.f('ck_possible_double_in_order')),
    sa.ForeignKeyConstraint(['other_id'], ['person.id'], name=op.f('fk_possible_double_other_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_possible_double_person_id')),
    sa.PrimaryKeyConstraint('person_id', 'other_id', name=op.f('pk_possible_double'))
    )
    op.create_table('review_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('created_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('expires_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('answered_at', prep.models.base.Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_review_link_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_review_link_token_hash'))
    )
    with op.batch_alter_table('review_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_link_person_id'), ['person_id'], unique=False)

    op.create_table('attachment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=True),
    sa.Column('site_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('mime', sa.String(length=100), nullable=False),
    sa.Column('size_bytes', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('added_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('added_by', sa.String(length=200), nullable=False),
    sa.Column('classification', sa.Enum('public', 'internal', 'secret', name='classification', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.CheckConstraint('(meeting_id IS NULL) <> (site_id IS NULL)', name=op.f('ck_attachment_belongs_to_one')),
    sa.CheckConstraint('size_bytes >= 0', name=op.f('ck_attachment_size_not_negative')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_attachment_meeting_id')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_attachment_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment')),
    sa.UniqueConstraint('key', name=op.f('uq_attachment_key'))
    )
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachment_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attachment_site_id'), ['site_id'], unique=False)

    op.create_table('attendance',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('seat_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_attendance_meeting_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_attendance_person_id')),
    sa.ForeignKeyConstraint(['seat_id'], ['seat.id'], name=op.f('fk_attendance_seat_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance')),
    sa.UniqueConstraint('meeting_id', 'person_id', name=op.f('uq_attendance_meeting_id_person_id'))
    )
    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendance_person_id'), ['person_id'], unique=False)

    with op.batch_alter_table('body', schema=None) as batch_op:
        batch_op.add_column(sa.Column('level', sa.Enum('strategic', 'leadership', 'operational', 'partnership', 'expert', 'local', name='bodylevel', native_enum=False, create_constraint=True, length=40), nullable=True))
        batch_op.add_column(sa.Column('parent_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('is_to_be_established', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('purpose', sa.JSON(), nullable=False, server_default='{}'))
        batch_op.add_column(sa.Column('convener', sa.JSON(), nullable=False, server_default='{}'))
        batch_op.add_column(sa.Column('communication', sa.Enum('convener', 'chair', 'county', name='communicationduty', native_enum=False, create_constraint=True, length=40), nullable=True))
        batch_op.add_column(sa.Column('deciding_organ', sa.String(length=300), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('extract_to', sa.String(length=300), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('longest_terms', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_body_parent_id'), 'body', ['parent_id'], ['id'])

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('speaks', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('left_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('erased_at', prep.models.base.Moment(timezone=True), nullable=True))

    with op.batch_alter_table('role_term', schema=None) as batch_op:
        batch_op.add_column(sa.Column('confirmed_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('confirmed_by', sa.String(length=200), nullable=True))
        batch_op.alter_column('decision', new_column_name='decided_by', type_=sa.String(length=300))
        batch_op.add_column(sa.Column('decided_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('decision_section', sa.String(length=40), nullable=False, server_default=''))

    with op.batch_alter_table('seat', schema=None) as batch_op:
        batch_op.add_column(sa.Column('basis', sa.Enum('constituency', 'municipality', 'organisation', 'nomination', name='seatbasis', native_enum=False, create_constraint=True, length=40), nullable=True))
        batch_op.add_column(sa.Column('municipality_code', sa.String(length=3), nullable=True))
        batch_op.add_column(sa.Column('organisation', sa.JSON(), nullable=False, server_default='{}'))
        batch_op.add_column(sa.Column('nominated_role', sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column('is_vice_chair', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('is_optional', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_foreign_key(batch_op.f('fk_seat_municipality_code'), 'municipality', ['municipality_code'], ['code'])

    op.execute("UPDATE seat_term SET decision = substr(decision, 1, 300)")
    with op.batch_alter_table('seat_term', schema=None) as batch_op:
        batch_op.add_column(sa.Column('confirmed_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('confirmed_by', sa.String(length=200), nullable=True))
        batch_op.alter_column('decision', new_column_name='decided_by', type_=sa.String(length=300))
        batch_op.add_column(sa.Column('decided_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('decision_section', sa.String(length=40), nullable=False, server_default=''))


def downgrade() -> None:
    with op.batch_alter_table('seat_term', schema=None) as batch_op:
        batch_op.drop_column('decision_section')
        batch_op.drop_column('decided_on')
        batch_op.alter_column('decided_by', new_column_name='decision', type_=sa.String(length=4000))
        batch_op.drop_column('confirmed_by')
        batch_op.drop_column('confirmed_on')

    with op.batch_alter_table('seat', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_seat_municipality_code'), type_='foreignkey')
        batch_op.drop_column('is_optional')
        batch_op.drop_column('is_vice_chair')
        batch_op.drop_column('nominated_role')
        batch_op.drop_column('organisation')
        batch_op.drop_column('municipality_code')
        batch_op.drop_column('basis')

    with op.batch_alter_table('role_term', schema=None) as batch_op:
        batch_op.drop_column('decision_section')
        batch_op.drop_column('decided_on')
        batch_op.alter_column('decided_by', new_column_name='decision', type_=sa.String(length=300))
        batch_op.drop_column('confirmed_by')
        batch_op.drop_column('confirmed_on')

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_column('erased_at')
        batch_op.drop_column('left_on')
        batch_op.drop_column('speaks')

    with op.batch_alter_table('body', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_body_parent_id'), type_='foreignkey')
        batch_op.drop_column('longest_terms')
        batch_op.drop_column('extract_to')
        batch_op.drop_column('deciding_organ')
        batch_op.drop_column('communication')
        batch_op.drop_column('convener')
        batch_op.drop_column('purpose')
        batch_op.drop_column('is_to_be_established')
        batch_op.drop_column('parent_id')
        batch_op.drop_column('level')

    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attendance_person_id'))

    op.drop_table('attendance')
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attachment_site_id'))
        batch_op.drop_index(batch_op.f('ix_attachment_meeting_id'))

    op.drop_table('attachment')
    with op.batch_alter_table('review_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_link_person_id'))

    op.drop_table('review_link')
    op.drop_table('possible_double')
    op.drop_table('meeting_rule')
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_meeting_body_id'))

    op.drop_table('meeting')
    with op.batch_alter_table('calendar_feed', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_calendar_feed_person_id'))

    op.drop_table('calendar_feed')
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_absence_person_id'))

    op.drop_table('absence')
    with op.batch_alter_table('submission', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_submission_at'))

    op.drop_table('submission')
    with op.batch_alter_table('outbox_message', schema=None) as batch_op:
        batch_op.drop_index('ix_outbox_message_state_due_at')

    op.drop_table('outbox_message')
    op.drop_table('freshness_interval')
