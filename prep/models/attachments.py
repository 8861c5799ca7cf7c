"""Files that belong to something: minutes of a meeting, plans and pictures of premises."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from prep.models.base import Base, Digest, Id, Name
from prep.models.meetings import Meeting
from prep.models.sites import Site
from prep.terms import Classification


class Attachment(Base):
    """A file (liite); its bytes are an `AttachmentContent`."""

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("(meeting_id IS NULL) <> (site_id IS NULL)", name="belongs_to_one"),
        CheckConstraint("size_bytes >= 0", name="size_not_negative"),
    )

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"), index=True)
    # As it was called by whoever brought it; shown, and the name under which it is given out.
    name: Mapped[Name]
    mime: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int]
    sha256: Mapped[Digest]
    added_at: Mapped[datetime]
    added_by: Mapped[Name]
    classification: Mapped[Classification] = mapped_column(default=Classification.INTERNAL)
    # Since when it is no longer to be had; for some hours it can still be brought back.
    removed_at: Mapped[datetime | None]

    meeting: Mapped[Meeting | None] = relationship()
    site: Mapped[Site | None] = relationship()


class AttachmentContent(Base):
    """The bytes of a file; its digest stands with the file, and in the trail."""

    __tablename__ = "attachment_content"
    __audited__ = False

    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
