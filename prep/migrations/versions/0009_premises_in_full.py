"""Premises in full, their units, the county's own norm sets"""

import sqlalchemy as sa
from alembic import op
import prep.models.base

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

_FIGURES = {
    'water_l_per_day': sa.Integer(),
    'parking_spaces': sa.Integer(),
    'staff_persons': sa.Integer(),
    'smoke_detectors': sa.Integer(),
    'serving_hours': sa.Double(),
}


def upgrade() -> None:
    op.create_table('norm_choice',
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['county_id'], ['county.id'], name=op.f('fk_norm_choice_county_id')),
    sa.PrimaryKeyConstraint('county_id', name=op.f('pk_norm_choice'))
    )
    op.create_table('norm_set',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('based_on', sa.String(length=80), nullable=False),
    sa.Column('limits', sa.JSON(), nullable=False),
    sa.Column('note', sa.String(length=4000), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['county_id'], ['county.id'], name=op.f('fk_norm_set_county_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_norm_set')),
    sa.UniqueConstraint('county_id', 'key', name=op.f('uq_norm_set_county_id_key'))
    )
    op.create_table('norm_figure',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('norm_set_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('phase', sa.String(length=20), nullable=False),
    sa.Column('value', sa.Double(), nullable=False),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.CheckConstraint('value > 0', name=op.f('ck_norm_figure_value_above_zero')),
    sa.ForeignKeyConstraint(['norm_set_id'], ['norm_set.id'], name=op.f('fk_norm_figure_norm_set_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_norm_figure')),
    sa.UniqueConstraint('norm_set_id', 'key', 'phase', name=op.f('uq_norm_figure_norm_set_id_key_phase'))
    )
    op.create_table('site_evidence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('feature', sa.Enum('is_accessible', 'has_kitchen', 'backup_power_h', 'heats_without_grid', 'has_well', 'has_pet_area', 'has_quiet_room', 'floor_level', 'exits', 'smoke_detectors', 'parking_spaces', 'has_bus_access', name='sitefeature', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('known_on', sa.Date(), nullable=True),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_site_evidence_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site_evidence')),
    sa.UniqueConstraint('site_id', 'feature', name=op.f('uq_site_evidence_site_id_feature'))
    )
    op.create_table('site_unit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('note', sa.String(length=4000), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('net_area_m2', sa.Double(), nullable=True),
    sa.Column('toilets', sa.Integer(), nullable=True),
    sa.Column('accessible_toilets', sa.Integer(), nullable=True),
    sa.Column('showers', sa.Integer(), nullable=True),
    sa.Column('beds', sa.Integer(), nullable=True),
    sa.Column('meals_per_hour', sa.Integer(), nullable=True),
    sa.Column('serving_hours', sa.Double(), nullable=True),
    sa.Column('floor_level', sa.Integer(), nullable=True),
    sa.Column('exits', sa.Integer(), nullable=True),
    sa.Column('smoke_detectors', sa.Integer(), nullable=True),
    sa.Column('is_accessible', sa.Boolean(), nullable=True),
    sa.Column('has_kitchen', sa.Boolean(), nullable=True),
    sa.Column('has_quiet_room', sa.Boolean(), nullable=True),
    sa.Column('fire_max_persons', sa.Integer(), nullable=True),
    sa.CheckConstraint('accessible_toilets IS NULL OR accessible_toilets >= 0', name=op.f('ck_site_unit_accessible_toilets_not_negative')),
    sa.CheckConstraint('beds IS NULL OR beds >= 0', name=op.f('ck_site_unit_beds_not_negative')),
    sa.CheckConstraint('exits IS NULL OR exits >= 0', name=op.f('ck_site_unit_exits_not_negative')),
    sa.CheckConstraint('fire_max_persons IS NULL OR fire_max_persons >= 0', name=op.f('ck_site_unit_fire_max_persons_not_negative')),
    sa.CheckConstraint('meals_per_hour IS NULL OR meals_per_hour >= 0', name=op.f('ck_site_unit_meals_per_hour_not_negative')),
    sa.CheckConstraint('net_area_m2 IS NULL OR net_area_m2 >= 0', name=op.f('ck_site_unit_net_area_m2_not_negative')),
    sa.CheckConstraint('serving_hours IS NULL OR serving_hours >= 0', name=op.f('ck_site_unit_serving_hours_not_negative')),
    sa.CheckConstraint('showers IS NULL OR showers >= 0', name=op.f('ck_site_unit_showers_not_negative')),
    sa.CheckConstraint('smoke_detectors IS NULL OR smoke_detectors >= 0', name=op.f('ck_site_unit_smoke_detectors_not_negative')),
    sa.CheckConstraint('toilets IS NULL OR toilets >= 0', name=op.f('ck_site_unit_toilets_not_negative')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_site_unit_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site_unit')),
    sa.UniqueConstraint('site_id', 'name', name=op.f('uq_site_unit_site_id_name'))
    )
    with op.batch_alter_table('site_unit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_site_unit_site_id'), ['site_id'], unique=False)

    op.create_table('site_unit_use',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('use', sa.Enum('assembly_point', 'assembly_centre', 'evacuation_centre', 'temporary_accommodation', 'catering', name='siteuse', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('stated_capacity', sa.Integer(), nullable=True),
    sa.CheckConstraint('stated_capacity IS NULL OR stated_capacity >= 0', name=op.f('ck_site_unit_use_stated_capacity_not_negative')),
    sa.ForeignKeyConstraint(['unit_id'], ['site_unit.id'], name=op.f('fk_site_unit_use_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site_unit_use')),
    sa.UniqueConstraint('unit_id', 'use', name=op.f('uq_site_unit_use_unit_id_use'))
    )
    with op.batch_alter_table('site', schema=None) as batch_op:
        batch_op.add_column(sa.Column('condition', sa.String(length=300), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('fire_confirmed_by', sa.String(length=200), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('surveyed_by', sa.String(length=200), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('agreement_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('surveyed_on', sa.Date(), nullable=True))
        for name in ('has_pet_area', 'has_well', 'has_bus_access', 'has_quiet_room'):
            batch_op.add_column(sa.Column(name, sa.Boolean(), nullable=True))
    # With its constraint at once: SQLite adds one later only by copying the table, and loses the others of it then.
    for name, kind in _FIGURES.items():
        op.execute(
            f'ALTER TABLE site ADD COLUMN {name} {kind.compile(op.get_bind().dialect)} CONSTRAINT ck_site_{name}_not_negative'
            f' CHECK ({name} IS NULL OR {name} >= 0)'
        )



def downgrade() -> None:
    with op.batch_alter_table('site', schema=None) as batch_op:
        for name in _FIGURES:
            batch_op.drop_constraint(op.f(f'ck_site_{name}_not_negative'), type_='check')
        batch_op.drop_column('has_quiet_room')
        batch_op.drop_column('smoke_detectors')
        batch_op.drop_column('serving_hours')
        batch_op.drop_column('surveyed_by')
        batch_op.drop_column('surveyed_on')
        batch_op.drop_column('agreement_on')
        batch_op.drop_column('fire_confirmed_by')
        batch_op.drop_column('has_bus_access')
        batch_op.drop_column('has_well')
        batch_op.drop_column('has_pet_area')
        batch_op.drop_column('staff_persons')
        batch_op.drop_column('parking_spaces')
        batch_op.drop_column('water_l_per_day')
        batch_op.drop_column('condition')

    op.drop_table('site_unit_use')
    with op.batch_alter_table('site_unit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_site_unit_site_id'))

    op.drop_table('site_unit')
    op.drop_table('site_evidence')
    op.drop_table('norm_figure')
    op.drop_table('norm_set')
    op.drop_table('norm_choice')
