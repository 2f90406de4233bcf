"""Reading files and folders in whatever state they are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.articles import MAX_BYTES, article_id, dateline, iso_date, read_article, read_articles
from index.errors import ArticleError


def test_a_bad_file_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    """Empty, binary, oversized, unknown and vanished files are each listed with a reason; the good one is read."""
    (tmp_path / "good.txt").write_text("A title\n\nA sentence that stands here.")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "blank.txt").write_text(" \n\n ")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "film.mp4").write_bytes(b"x")
    with (tmp_path / "huge.txt").open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    reading = read_articles([tmp_path, tmp_path / "gone.txt"])
    assert [article.title for article in reading.articles] == ["A title"]
    reasons = {Path(unread.source).name: unread.reason for unread in reading.unread}
    assert set(reasons) == {"empty.txt", "blank.txt", "binary.txt", "film.mp4", "huge.txt", "gone.txt"}
    assert "empty" in reasons["empty.txt"]
    assert "too large" in reasons["huge.txt"]
    assert "no such file" in reasons["gone.txt"]
    assert ".mp4" in reasons["film.mp4"]


def test_nothing_readable_is_an_error_with_the_remedy(tmp_path: Path) -> None:
    """An empty folder says where it looked and what to put there."""
    with pytest.raises(ArticleError, match=r"No article could be read(?s:.*)Put \.txt, \.md or \.html files there"):
        read_articles([tmp_path])


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """A named pipe among the files is refused at once instead of being read for ever."""
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "a.txt").write_text("One sentence.")
    assert [unread.reason for unread in read_articles([tmp_path]).unread] == ["it is not a regular file"]


def test_a_folder_that_links_to_itself_ends(tmp_path: Path) -> None:
    """A symbolic link back up is not followed round and round."""
    (tmp_path / "a.txt").write_text("One sentence.")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert len(read_articles([tmp_path]).articles) == 1


def test_one_file_named_twice_is_one_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder and a file of it, absolute and relative, come to the same source and id."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("One sentence.")
    reading = read_articles([".", "a.txt", tmp_path / "a.txt", "./a.txt"])
    assert [article.source for article in reading.articles] == ["a.txt"]


def test_the_same_name_in_two_folders_is_two_articles() -> None:
    """Ids keep apart what file names do not."""
    assert article_id("2023/news.txt") != article_id("2024/news.txt")
    assert article_id("2023/news.txt").startswith("news-")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Ferry sails again\n\nThe ferry left.", "Ferry sails again"),
        ("The ferry left at noon today.\n\nIt came back.", "My file"),
        ("Subscribe for free\n\nThe ferry left.", "My file"),
        ("One line alone", "My file"),
        ("Who paid for the ferry?\n\nNobody knows.", "Who paid for the ferry?"),
        ("Talks with the U.S.\n\nThey began.", "Talks with the U.S."),
    ],
)
def test_the_first_line_is_the_title_where_it_reads_as_one(tmp_path: Path, text: str, title: str) -> None:
    """A sentence, a subscription line or a text's only line is no title; the file's name is taken then."""
    (tmp_path / "my-file.txt").write_text(text)
    assert read_article(str(tmp_path / "my-file.txt")).title == title


def test_plain_text_has_its_entities_decoded_before_anything_is_counted(tmp_path: Path) -> None:
    """The stored text is the decoded one, so offsets refer to what people read."""
    (tmp_path / "a.txt").write_text("T &amp; T\n\nIt cost &#163;5 &amp;amp; more.")
    assert read_article(str(tmp_path / "a.txt")).text == "T & T\n\nIt cost £5 &amp; more."


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Title\n\nMarch 5, 2024\n\nThe ferry left.", "2024-03-05"),
        ("Title\n\nPublished 5 March 2024 at 10:00\n\nThe ferry left.", "2024-03-05"),
        ("Title\n\nPORT ELLERY, 5 March 2024 – The ferry left.", "2024-03-05"),
        ("Title\n\n2024-03-05\n\nThe ferry left.", "2024-03-05"),
        ("Title\n\nSaturday, March 5, 2024\n\nThe ferry left.", "2024-03-05"),
        ("Title\n\nThe ferry that sank on March 5, 2024 was old.", None),
        ("Title\n\nThe ferry left.", None),
        ("Title\n\nMarch 35, 2024\n\nThe ferry left.", None),
    ],
)
def test_a_date_is_taken_from_a_dateline_and_not_from_the_news(text: str, date: str | None) -> None:
    """Only a line that announces publication dates the article."""
    assert dateline(text) == date


def test_dates_of_all_spellings_become_iso() -> None:
    """What feeds and pages write comes to one form; nonsense comes to none."""
    assert iso_date("2022-01-06T10:00:00Z") == "2022-01-06"
    assert iso_date("Jan. 6, 2022") == "2022-01-06"
    assert iso_date("6th Sept 2022") == "2022-09-06"
    assert iso_date("yesterday") is None
