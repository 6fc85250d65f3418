"""Needs, offers, matching, alliance readiness."""
