"""What a draft is checked for before it is submitted, and again before it leaves.

Be a draft. You are cut into pieces, each with its place; every check in one list reads you and the
scene, and complains in words with what to do. What needs a look elsewhere (links, secrets, limits,
open complaints) was looked up before, and is in the scene: the checks are pure and quick.
"""

from rtm.desk.checks.addresses import addresses_in, wrong_with
from rtm.desk.checks.checker import CHECKS, Checker
from rtm.desk.checks.scene import Complaint, Looked, Scene

__all__ = ["CHECKS", "Checker", "Complaint", "Looked", "Scene", "addresses_in", "wrong_with"]
