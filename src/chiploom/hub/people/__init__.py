"""Who somebody is and what they may do: passwords, sign-ins, tokens, roles, the audit log."""
