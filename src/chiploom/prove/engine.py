"""The room's public face: prove a submission against a reference or an author's properties."""

from chiploom.prove.equivalence import prove
from chiploom.prove.judgement import tool_versions
from chiploom.prove.properties import prove_properties
from chiploom.prove.reference import Reference, prepare_reference
from chiploom.prove.vacuity import VacuousBit, vacuous_bits

__all__ = [
    "Reference",
    "VacuousBit",
    "prepare_reference",
    "prove",
    "prove_properties",
    "tool_versions",
    "vacuous_bits",
]
