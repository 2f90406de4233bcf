"""How the models that ship were made. Never imported at run time."""
