"""The status of premises over time; offered and withdrawn premises"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

import prep.models.base

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

_BEFORE = ('available', 'conditional', 'in_use', 'out', 'unknown')
_AFTER = ('available', 'conditional', 'in_use', 'out', 'offered', 'withdrawn', 'unknown')


def upgrade() -> None:
    with op.batch_alter_table('site', schema=None) as batch_op:
        batch_op.alter_column('status', existing_type=_kind(_BEFORE), type_=_kind(_AFTER), existing_nullable=False)
    changes = op.create_table('site_status_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('at', prep.models.base.Moment(timezone=True), nullable=True),
    sa.Column('status', _kind(_AFTER), nullable=False),
    sa.Column('condition', sa.String(length=300), nullable=False),
    sa.Column('by', sa.String(length=200), nullable=False),
    sa.Column('why', sa.String(length=4000), nullable=False),
    sa.Column('of', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_site_status_change_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site_status_change'))
    )
    op.create_index(op.f('ix_site_status_change_site_id'), 'site_status_change', ['site_id'])
    if rows := _from_the_trail(op.get_bind()):
        op.bulk_insert(changes, rows)


def downgrade() -> None:
    op.drop_index(op.f('ix_site_status_change_site_id'), table_name='site_status_change')
    op.drop_table('site_status_change')
    op.execute("UPDATE site SET status = 'out' WHERE status = 'withdrawn'")
    op.execute("UPDATE site SET status = 'unknown' WHERE status = 'offered'")
    with op.batch_alter_table('site', schema=None) as batch_op:
        batch_op.alter_column('status', existing_type=_kind(_AFTER), type_=_kind(_BEFORE), existing_nullable=False)


def _kind(values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name='sitestatus', native_enum=False, create_constraint=True, length=40)


def _from_the_trail(connection: sa.Connection) -> list[dict[str, Any]]:
    """What the audit trail still tells of the premises that there are, and how they stand now where it tells nothing."""
    site = sa.table('site', sa.column('id'), sa.column('status'), sa.column('condition'))
    now = {row.id: (row.status, row.condition) for row in connection.execute(sa.select(site).order_by(site.c.id))}
    found: dict[int, list[dict[str, Any]]] = {number: [] for number in now}
    for entry in connection.execute(_entries()):
        rows = found.get(int(entry.row_key))
        written = json.loads(entry.values)
        before, after = written.get('before') or {}, written.get('after') or {}
        if rows is None or not {'status', 'condition'} & after.keys():
            continue
        if not rows and entry.action == 'update' and before.get('status'):
            rows.append(_row(int(entry.row_key), before['status'], before.get('condition') or ''))
        status, condition = (rows[-1]['status'], rows[-1]['condition']) if rows else (None, '')
        status, condition = after.get('status') or status, after.get('condition', condition) or ''
        if status is not None:
            rows.append(_row(int(entry.row_key), status, condition, at=entry.at, by=entry.actor, why=entry.why))
    for number, (status, condition) in now.items():
        # Since nobody knows when, where the trail has nothing of it or something else.
        if not found[number] or found[number][-1]['status'] != status:
            found[number] = [_row(number, status, condition)]
    return [row for rows in found.values() for row in rows]


def _entries() -> sa.Select[Any]:
    entry = sa.table(
        'audit_entry',
        sa.column('seq'),
        sa.column('at', prep.models.base.Moment(timezone=True)),
        *(sa.column(name) for name in ('actor', 'action', 'table_name', 'row_key', 'why', 'values')),
    )
    return (
        sa.select(entry)
        .where(entry.c.table_name == 'site', entry.c.action.in_(('insert', 'update')), entry.c['values'].is_not(None))
        .order_by(entry.c.seq)
    )


def _row(number: int, status: str, condition: str, *, at: Any = None, by: str = '', why: str = '') -> dict[str, Any]:
    return {
        'site_id': number, 'at': at, 'status': status, 'condition': condition, 'by': by, 'why': why, 'of': '',
    }
