import pytest

from indexes import IndexSpec, SpecError


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"dim": 0}, "at least 1, got 0"),
        ({"dim": "8"}, "got '8'"),
        ({"dim": True}, "got True"),
        ({"dim": 8, "kind": "hnws"}, "unknown kind of index 'hnws': expected one of flat"),
        ({"dim": 8, "metric": "l2"}, "unknown metric 'l2'"),
    ],
)
def test_unknown_settings_are_an_error(values, text):
    with pytest.raises(SpecError, match=text):
        IndexSpec(**values)


def test_settings_survive_a_round_trip():
    assert IndexSpec.of(IndexSpec(7).as_dict()) == IndexSpec(7)


@pytest.mark.parametrize("values", [None, {}, {"dim": 7}, {"dim": 7, "kind": "flat", "metric": "ip", "more": 1}])
def test_other_values_are_an_error(values):
    with pytest.raises(SpecError, match="expected the settings"):
        IndexSpec.of(values)
