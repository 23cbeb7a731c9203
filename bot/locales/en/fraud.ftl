fraud-card = 🚩 <b>{ $flag }</b> · <code>{ $rule }</code>
  People: { $people }
  On hold: { $amount }
on-hold = This money is on hold by an open fraud flag: decide that first (/fraud).
hold-held = ⏸ Some of your earnings are on hold while we look at them. Nothing is lost; we tell you what we decide.
hold-released = ▶️ Your earnings are no longer on hold.
hold-cancelled = Some of your earnings were taken back after we looked at them. /support if you think that is wrong.
fraud-question = ❓ The shop asks you:
  { $question }
