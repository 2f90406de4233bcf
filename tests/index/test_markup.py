"""HTML and Markdown to text."""

from __future__ import annotations

from index.markup import from_html, from_markdown

PAGE = """<html><head><title>Ferry | Herald</title><meta property="og:title" content="Ferry is back">
<meta property="article:published_time" content="2024-03-05T10:00:00Z"></head><body>
<nav><a href="/">Home</a><a href="/sport">Sport</a></nav><article><h1>Ferry is back</h1>
<p>The ferry returned on Tuesday &amp; carried 200 people across the bay, the operator said.</p>
<ul><li>It sails every hour from the old quay</li></ul>
<p>Tickets <b>rise</b> by 5% from June, according to a statement that the company put out on Monday.</p>
</article><footer>Contact the Herald</footer></body></html>"""


def test_a_page_gives_its_article_alone() -> None:
    """Title and date come from the page's own words about itself; menus and footers stay out."""
    page = from_html(PAGE)
    assert page.title == "Ferry is back"
    assert page.published == "2024-03-05"
    assert "The ferry returned on Tuesday & carried 200 people" in page.text
    assert "Sport" not in page.text
    assert "Contact the Herald" not in page.text


def test_paragraphs_of_a_page_are_parted_by_blank_lines() -> None:
    """What was a paragraph on the page is one in the text, an inline tag notwithstanding."""
    blocks = from_html(PAGE).text.split("\n\n")
    assert "Tickets rise by 5% from June, according to a statement that the company put out on Monday." in blocks
    assert "• It sails every hour from the old quay" in blocks


def test_a_scrap_of_html_gives_its_text() -> None:
    """A page too short to be told from its frame is taken whole."""
    assert "Only this line." in from_html("<title>Scrap</title><p>Only this line.</p>").text


def test_markdown_gives_text_without_its_signs() -> None:
    """Links, emphasis, headings, lists and tables leave their words and nothing else."""
    page = from_markdown(
        '---\ntitle: "The quay"\ndate: 2024-03-05\n---\n# Heading\n\nThe **ferry** [sails](https://example.org) at\n'
        "noon.\n\n- one\n- two\n\n| Day | Boats |\n|---|---|\n| Mon | 4 |\n\n```\ncode\n```\n"
    )
    assert page.title == "The quay"
    assert page.published == "2024-03-05"
    assert page.text.split("\n\n") == [
        "Heading", "The ferry sails at noon.", "• one", "• two", "Day | Boats", "Mon | 4", "code",
    ]  # fmt: skip


def test_the_first_heading_is_the_title() -> None:
    """Without front matter, the first top heading names the article, and later ones do not."""
    assert from_markdown("intro\n\n# Real title\n\ntext\n\n# Other").title == "Real title"


def test_what_a_reader_of_the_page_does_not_see_is_not_read() -> None:
    """Text that the page hides can never be quoted from it."""
    hidden = (
        '<p hidden>Secret one.</p><p style="display: none">Secret two.</p><p aria-hidden="true">Secret three.</p>'
        '<div style="visibility:hidden"><p>Secret four.</p></div>'
    )
    page = from_html(PAGE.replace("<ul>", hidden + "<ul>"))
    assert "Secret" not in page.text
    assert "200 people" in page.text
    assert "Secret" not in from_html(f"<title>Scrap</title>{hidden}<p>Only this line.</p>").text


def test_a_year_in_a_table_is_no_date_of_publication() -> None:
    """An article without a date of its own has none."""
    page = PAGE.replace('<meta property="article:published_time" content="2024-03-05T10:00:00Z">', "")
    assert from_html(page.replace("</ul>", "</ul><table><tr><td>2023</td><td>61</td></tr></table>")).published is None
