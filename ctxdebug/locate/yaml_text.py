"""Where the values of a YAML text stand."""

from __future__ import annotations

from collections.abc import Sequence

from ctxdebug.locate.layers import Layer, Region


class YamlText:
    """The values of one YAML text by their steps."""

    def __init__(self, layer: Layer) -> None:
        self._layer = layer

    def find(self, steps: Sequence[str | int]) -> Region | None:
        """The value at the end of `steps`, or the deepest one on the way."""
        import yaml

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        node = yaml.compose(self._layer.text, Loader=loader)
        for step in steps:
            child = _child(node, step)
            if child is None:
                break
            node = child
        if node is None:
            return None
        return Region(self._layer, node.start_mark.index, node.end_mark.index)


def _child(node: object, step: str | int) -> object | None:
    import yaml

    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None
