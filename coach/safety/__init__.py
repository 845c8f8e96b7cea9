"""The floor: harm, orders to a machine, and the route they lead to. Pure; knows nothing of plans or journals."""
