"""The bit that travels with a request: 1 = its blocks are safe to discard, 0 = keep them, None = nothing was said."""

from .complaints import complain

#: Fields of a request's ``kv_transfer_params``.
DISCARD = "onebit.discard"
KEEP_TOKENS = "onebit.keep_tokens"


def read_bit(value):
    """0 or 1 for 0, 1, False, True; None for None and, with a complaint, for everything else."""
    if value is None:
        return None
    # A bool is an int.
    if isinstance(value, int) and value in (0, 1):
        return int(value)
    complain("bit", f"a request's bit is {value!r:.60}; send 0 (keep) or 1 (discard); it counts as no bit")
    return None


def read_cut(value):
    """The number of tokens to keep from the start; None for None and, with a complaint, for what is no such number."""
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    complain("cut point", f"{KEEP_TOKENS} is {value!r:.60}; send a number of tokens ≥ 0; it counts as no bit")
    return None


def read_request(parameters):
    """The bit and the cut point of a request's transfer parameters, None where there is none.

    With a cut point, blocks that end within that many tokens have bit 0 and the others bit 1.
    """
    if not parameters:
        return None, None
    try:
        bit, cut = parameters.get(DISCARD), parameters.get(KEEP_TOKENS)
    except AttributeError:
        complain("transfer parameters", "kv_transfer_params is no mapping; it counts as no bit")
        return None, None
    return read_bit(bit), read_cut(cut)
