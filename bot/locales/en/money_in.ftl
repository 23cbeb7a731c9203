# Money that comes in: top-ups.
state-credited = added to your wallet
short-credited = in the wallet
payment-approved-credited = ✅ Your payment of <b>{ $amount }</b> for <code>{ $order }</code> is approved.
    It is in your wallet, to spend.
