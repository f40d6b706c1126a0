import base64
import math
import re
from html.parser import HTMLParser

import pytest
from PIL import Image

from aae_jax.metrics import VALUES
from aae_jax.report import Picture, Report, mean_std, write_report


@pytest.fixture
def make(tmp_path):
    Image.new("RGB", (3, 2)).save(tmp_path / "picture.png")

    def make(**changes):
        fields = {
            "title": "AMM on <digits> & co",
            "method": "AMM",
            "paper": 'The "best" <paper>',
            "dataset": "digits",
            "note": "From <nowhere>.",
            "parameters": {"encoder": 1200, "decoder": 34},
            "trials": 2,
            "facts": {"Training": "10 steps <script>alert(1)</script>"},
            "values": {"clustering_error_majority": [0.1, 0.2], "nmi": [0.5, 0.75]},
            "meanings": VALUES,
            "judges": {},
            "pictures": [Picture("samples", tmp_path / "picture.png", 'A "caption" <b>.')],
            "notes": [],
            "config": '{"name": "<i>"}',
            "command": "python -c 'a < b'",
        } | changes
        return write_report(tmp_path, Report(**fields)).read_text(encoding="utf-8")

    return make


class Collector(HTMLParser):
    """Tags with attributes, and the text as a reader sees it."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, text):
        self.text += text


def test_everything_is_escaped(make):
    page = Collector(make())
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "b", "i", "paper", "nowhere"})
    for text in (
        "AMM on <digits> & co",
        'The "best" <paper>',
        "From <nowhere>.",
        "<script>alert(1)</script>",
        'A "caption" <b>.',
        '{"name": "<i>"}',
        "python -c 'a < b'",
        "1,234 parameters",
    ):
        assert text in page.text


def test_the_page_needs_no_other_file(make, tmp_path):
    html = make()
    assert "http" not in html
    assert "url(" not in html
    images = [attributes for tag, attributes in Collector(html).tags if tag == "img"]
    prefix, _, encoded = images[0]["src"].partition(",")
    assert prefix == "data:image/png;base64"
    assert base64.b64decode(encoded) == (tmp_path / "picture.png").read_bytes()
    assert images[0]["alt"] == 'A "caption" <b>.'


def test_mean_and_spread_with_each_trial(make):
    text = Collector(make()).text
    assert "15.00 ± 7.07 %" in text
    assert "10.00, 20.00" in text
    assert "0.6250 ± 0.1768" in text
    assert "over 2 trials" in text
    assert "of the first trial" in text
    assert mean_std([3.0]) == (3.0, 0.0)


def test_a_round_mean_keeps_its_digits(make):
    text = Collector(make(values={"bayes_log_likelihood": [-59.0, -61.0]})).text
    assert "-60.00 ± 1.41" in text
    assert "0.0000 ± 1.4142" in Collector(make(values={"ari": [1.0, -1.0]})).text


def test_what_is_no_paper_s_method_names_none(make):
    text = Collector(make(method="Classifier", paper="")).text
    assert "Classifier was trained on digits." in " ".join(text.split())
    assert "the method of the paper “The" in Collector(make()).text


def test_one_trial_has_no_spread(make):
    text = Collector(make(trials=1, values={"clustering_error_majority": [0.1]})).text
    assert "10.00 %" in text
    assert "±" not in text
    assert "first trial" not in text


def test_a_yardstick_stands_beside_its_number(make):
    html = make(
        trials=1, values={"clustering_error_majority": [0.1], "kmeans_error_majority": [0.4]}
    )
    row = re.search(r"<tr><td>.*?(?=<tr>|</table>)", html, re.DOTALL).group()
    assert "10.00 %" in row
    assert "40.00 %<small>k-means on the data with as many clusters</small>" in row
    assert html.count("40.00 %") == 1
    alone = make(trials=1, values={"kmeans_error_majority": [0.4]})
    assert "<strong>40.00 %</strong>" in alone


def test_numbers_that_are_not_finite_and_notes(make):
    text = Collector(
        make(values={"nmi": [math.nan, 0.5]}, pictures=[], notes=["No <figure>."])
    ).text
    assert "not finite, 0.5" in text
    assert "No <figure>." in text
    assert "no figures" in text


def test_a_yardstick_that_differs_between_trials_has_its_spread(make):
    html = make(
        trials=2, values={"code_prior_energy": [0.1, 0.2], "code_prior_energy_floor": [0.01, 0.03]}
    )
    row = re.search(r"<tr><td>.*?(?=<tr>|</table>)", html, re.DOTALL).group()
    assert "0.02000 ± 0.01414<small>" in row
