"""`mt2st.Balance` where people already are: each file here is for one library, imports it, and is imported by name.

    from mt2st.adapters.lightning import BalanceCallback, BalanceMixin
    from mt2st.adapters.transformers import BalancedLoss
    from mt2st.adapters.accelerate import AcceleratedBalance
    from mt2st.adapters.skorch import BalanceCallback, BalancedLoss

In all of them time moves by one a step of the optimiser, the state goes where the library saves its own, and a score of
the primary on held-out data reaches the strategy.
"""
