"""What somebody who has everything that is published can say of a withheld cell.

A system is a set of cells, each a number that is told or withheld, and of sums that
hold among them, known to everybody: ages add up to all ages, practices to their area.
Told cells are numbers, withheld ones unknowns. A withheld cell is recovered when the
sums leave it one value.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, hstack
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import lsmr

# Sums of rounded figures hold to within the rounding of their parts.
NEAR = 1e-6
LARGEST_DENSE = 200


@dataclass(frozen=True)
class System:
    """Cells of a release, and the sums among them.

    cells: one row per cell: `cell` (its name, unique), `value` (the truth), `is_told`,
    `is_sensitive` (whether it is of 1 to 10 people).
    terms: one row per sum and cell of it: `sum` (its name), `cell`, `factor`. The cells
    of a sum times their factors add up to 0.
    """

    cells: pd.DataFrame
    terms: pd.DataFrame

    def gaps(self) -> pd.Series:
        """By how much each sum misses 0 among the true values."""
        values = self.cells.set_index("cell")["value"]
        products = self.terms["factor"] * self.terms["cell"].map(values)
        return products.groupby(self.terms["sum"]).sum(min_count=1)

    def unsuppressed_but_for_small(self) -> "System":
        """The same with nothing withheld but what is sensitive itself."""
        told = ~self.cells["is_sensitive"]
        return System(self.cells.assign(is_told=told), self.terms)


def recovered(system: System) -> list[str]:
    """Sensitive withheld cells that have one value in every solution of the sums."""
    cells, terms = system.cells, system.terms
    is_hidden = ~cells["is_told"].to_numpy(bool)
    # The cell of each term, by its place among all cells and among the withheld.
    cell = pd.Index(cells["cell"]).get_indexer(terms["cell"])
    place = np.cumsum(is_hidden) - 1
    is_unknown = is_hidden[cell]
    rows, sums = pd.factorize(terms["sum"][is_unknown])
    matrix = csr_array(
        coo_array(
            (
                terms["factor"].to_numpy(float)[is_unknown],
                (rows, place[cell[is_unknown]]),
            ),
            shape=(len(sums), is_hidden.sum()),
        )
    )
    hidden = cells[is_hidden]
    is_fixed = fixed(matrix) & hidden["is_sensitive"].to_numpy(bool)
    return list(hidden["cell"][is_fixed])


def fixed(matrix: csr_array) -> np.ndarray:
    """Which unknowns have one value in every solution of a linear system.

    These are those that no vector of the null space moves. A random vector less its
    part in the row space is a random vector of the null space, which moves whatever any
    vector of it does; it is taken apart by connected components, which are small.
    """
    random = np.random.default_rng(1)
    is_fixed = np.zeros(matrix.shape[1], bool)
    _, label = connected_components(abs(matrix.T @ matrix), directed=False)
    # Sorted by component, each is a block of its own.
    order = np.argsort(label, kind="stable")
    of_row = label[matrix.indices[matrix.indptr[:-1]]]
    rows = np.argsort(of_row, kind="stable")
    blocks = matrix[rows][:, order]
    numbers = np.arange(label.max(initial=-1) + 2)
    row_ends = np.searchsorted(of_row[rows], numbers)
    column_ends = np.searchsorted(label[order], numbers)
    for number in numbers[:-1]:
        first, last = row_ends[number], row_ends[number + 1]
        left, right = column_ends[number], column_ends[number + 1]
        if first == last:
            continue
        part = blocks[first:last, left:right]
        guess = random.standard_normal(right - left)
        if right - left <= LARGEST_DENSE:
            dense = part.toarray()
            step = np.linalg.lstsq(dense, dense @ guess, rcond=None)[0]
        else:
            step = lsmr(part, part @ guess, atol=1e-13, btol=1e-13, maxiter=50_000)[0]
        is_fixed[order[left:right]] = abs(guess - step) < NEAR
    return is_fixed


def explanation(system: System, cell: str) -> pd.DataFrame:
    """The fewest sums that give a recovered cell: their terms, times their weights."""
    known = system.cells.set_index("cell")
    terms = system.terms.assign(
        is_told=system.terms["cell"].map(known["is_told"]),
        value=system.terms["cell"].map(known["value"]),
    )
    unknown = terms[~terms["is_told"]]
    near, cells = set(), {cell}
    while True:
        sums = set(unknown.loc[unknown["cell"].isin(cells), "sum"]) - near
        if not sums:
            break
        near |= sums
        cells |= set(unknown.loc[unknown["sum"].isin(sums), "cell"])
    of_near = unknown[unknown["sum"].isin(near)]
    names, rows = np.unique(of_near["sum"], return_inverse=True)
    places, columns = np.unique(of_near["cell"], return_inverse=True)
    matrix = csr_array(coo_array((of_near["factor"].to_numpy(float), (rows, columns))))
    weights = linprog(
        np.ones(2 * len(names)),
        A_eq=hstack([matrix.T, -matrix.T]),
        b_eq=(places == cell).astype(float),
    ).x
    weights = pd.Series(weights[: len(names)] - weights[len(names) :], index=names)
    used = terms[terms["sum"].isin(weights.index[abs(weights) > NEAR])]
    return used.assign(weight=used["sum"].map(weights))
