"""Elements of SVG as escaped text."""

from collections.abc import Iterable

from markupsafe import Markup, escape

Child = Markup | str | int


def tag(name: str, *children: Child, **attributes: str | float | None) -> Markup:
    """One element; attributes that are None are left out, ``_`` in a name stands for ``-``.

    >>> tag("text", "Ähtäri & Ö", x=1.25, class_="label")
    Markup('<text x="1.25" class="label">Ähtäri &amp; Ö</text>')
    """
    written = "".join(
        f' {_attribute(key)}="{escape(_value(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(escape(child) for child in children)
    # Every part has been escaped above; Markup's own formatting does the same at five times the cost.
    return Markup(f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>")  # noqa: S704


def drawing(
    *children: Child,
    width: float,
    height: float,
    class_: str,
    title: str | None = None,
    has_links: bool = False,
) -> Markup:
    """A whole drawing. With a title it is a picture that is read out, without one it is decoration.

    One with links in it is read out as a group: nothing inside a picture can be gone to.
    """
    described: dict[str, str] = {"aria_hidden": "true"}
    if title:
        described = {"role": "group" if has_links else "img", "aria_label": title}
    return tag(
        "svg",
        *children,
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        class_=class_,
        focusable="false",
        **described,
    )


def path(points: Iterable[tuple[float, float]], *, closed: bool = False) -> str:
    """The data of a line through points."""
    joined = "L".join(f"{number(x)} {number(y)}" for x, y in points)
    return f"M{joined}{'Z' if closed else ''}" if joined else ""


def number(value: float) -> str:
    """A coordinate with two decimals at the most: pages stay small and the same on every machine."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _attribute(key: str) -> str:
    return "viewBox" if key == "viewBox" else key.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else number(value)
