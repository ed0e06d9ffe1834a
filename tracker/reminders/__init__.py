"""Reminders (催办): who is told what on which day, and how it reaches them.

=============  =======================================================================================
``stages``     which days an assignment is reminded on, and which of them has been reached. Pure
``people``     whose turn it is: liaisons, heads of units, leaders in charge, whoever stands in for them
``words``      the sentences, in the recipient's language
``making``     reminders made: by the day's run, by hand, or as a notice
``outbox``     messages put together, claimed, sent, tried again
``channels``   the transports: email, and the robots of WeCom, DingTalk and Feishu
=============  =======================================================================================
"""

from tracker.reminders.making import Reminded, notify, remind_due, remind_now

__all__ = ["Reminded", "notify", "remind_due", "remind_now"]
