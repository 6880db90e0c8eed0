"""`mt2st.Balance` in other libraries: one module for each library, which imports it.

    from mt2st.adapters.lightning import BalanceCallback, BalanceMixin
    from mt2st.adapters.transformers import BalancedLoss
    from mt2st.adapters.accelerate import AcceleratedBalance
    from mt2st.adapters.skorch import BalanceCallback, BalancedLoss

In all of them time advances by one per step of the optimiser, the state is saved with the library's own, and a score of
the primary on held-out data is passed to the strategy.
"""
