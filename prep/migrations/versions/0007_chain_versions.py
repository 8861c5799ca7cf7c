"""The versions of alert chains; every chain there is gets its first one"""

import json
from collections import defaultdict
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
import prep.models.base

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

_ENDS = ('person', 'role', 'seat')


def upgrade() -> None:
    versions = op.create_table('chain_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('chain_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('made_at', prep.models.base.Moment(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(length=200), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['chain_id'], ['chain.id'], name=op.f('fk_chain_version_chain_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_chain_version')),
    sa.UniqueConstraint('chain_id', 'number', name=op.f('uq_chain_version_chain_id_number'))
    )
    if rows := _first_versions(op.get_bind()):
        op.bulk_insert(versions, rows)


def downgrade() -> None:
    op.drop_table('chain_version')


def _first_versions(bind: sa.Connection) -> list[dict[str, object]]:
    """What every chain says now, as the version that it has now."""
    def all_of(what: str) -> list[sa.RowMapping]:
        return list(bind.execute(sa.text(what)).mappings())

    bodies = {row['id']: row['key'] for row in all_of('SELECT id, key FROM body')}
    names: dict[str, dict[int, str]] = {
        'seat': {row['id']: f'seat:{bodies[row["body_id"]]}/{row["key"]}' for row in all_of('SELECT id, body_id, key FROM seat')},
        'role': {row['id']: f'role:{row["key"]}' + (f'@{row["municipality_code"]}' if row['municipality_code'] else '') for row in all_of('SELECT id, key, municipality_code FROM role')},
        'person': {row['id']: f'desk:{row["key"]}' if row['key'] else f'person:{row["id"]}' for row in all_of('SELECT id, key FROM person')},
    }

    def who(row: sa.RowMapping, prefix: str) -> str:
        return next(names[end][row[f'{prefix}_{end}_id']] for end in _ENDS if row[f'{prefix}_{end}_id'] is not None)

    items = defaultdict(list)
    for row in all_of('SELECT * FROM chain_item ORDER BY list_id, position'):
        items[row['list_id']].append(row)
    lists = defaultdict(list)
    for row in all_of('SELECT * FROM chain_list ORDER BY chain_id, position'):
        targets = {item['position']: who(item, 'target') for item in items[row['id']]}
        lists[row['chain_id']].append({
            'caller': who(row, 'caller'),
            'source': bool(row['is_source']),
            'mode': row['mode'],
            'handover_s': row['handover_s'],
            'follow_up_s': row['follow_up_s'],
            'items': [
                {
                    'target': who(item, 'target'),
                    'channels': _json(item['channels']),
                    'rounds': item['rounds'],
                    'deputies': bool(item['with_deputies']),
                    'wait_s': item['wait_s'],
                    'if_answered': targets.get(item['condition_position']) if item['condition_kind'] == 'answered' else None,
                    'if_silent': targets.get(item['condition_position']) if item['condition_kind'] == 'silent' else None,
                    'hours': _json(item['hours']),
                    'calls_back': bool(item['calls_back']),
                }
                for item in items[row['id']]
            ],
        })
    return [
        {
            'chain_id': row['id'],
            'number': row['version'],
            'made_at': datetime.now(UTC),
            'made_by': 'migration: 0008',
            'content': {
                'key': row['key'],
                'name': row['name'],
                'body': bodies[row['body_id']],
                'deadline_min': row['deadline_min'],
                'one_of': _json(row['one_of']),
                'each_constituency': bool(row['each_constituency']),
                'note': row['note'],
                'list': lists[row['id']],
            },
        }
        for row in all_of('SELECT * FROM chain ORDER BY id')
    ]


def _json(value: object) -> object:
    """SQLite gives the text, PostgreSQL the value."""
    return json.loads(value) if isinstance(value, str) else value
