"""A group of commands each of which is imported only when it is called."""

from importlib import import_module

import click


class LazyGroup(click.Group):
    """A group whose commands are imported only when they are called."""

    def __init__(self, *args: object, commands_at: dict[str, tuple[str, str]], **options: object):
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self._commands_at = commands_at

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._commands_at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._commands_at:
            return None
        module, name = self._commands_at[cmd_name][0].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, sentence) for name, (_, sentence) in self._commands_at.items()])
