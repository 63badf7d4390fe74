package io.crmsdk.mail.unsubscribe;

/**
 * What the pages and the confirmation mail say, each text in English and Chinese; a host changes it by {@link
 * PageDesign.Builder#text}.
 *
 * <p>In a text, {@code {address}} stands for the masked address, {@code {topic}} for the topic's name, {@code {brand}} for
 * the brand, {@code {link}} for the link of a mail. Texts are plain: what looks like HTML is shown as it is.
 */
public enum PageText {
    /** Title of the page that asks whether to leave. */
    LEAVE_TITLE("Unsubscribe", "退订"),
    /** Asks whether to leave a topic. */
    LEAVE_QUESTION("Do you want {address} to get no more of “{topic}”?", "您（{address}）要退订“{topic}”吗？"),
    /** What a topic without a name is called. */
    UNNAMED_TOPIC("these mails", "此类邮件"),
    /** The button that leaves one topic. */
    LEAVE("Unsubscribe", "退订"),
    /** The button that leaves everything. */
    LEAVE_ALL("Unsubscribe from all advertising", "退订所有推广邮件"),
    /** Title once somebody has left. */
    LEFT_TITLE("Unsubscribed", "已退订"),
    /** Says that one topic was left. */
    LEFT("{address} gets no more of “{topic}”.", "{address} 已退订“{topic}”。"),
    /** Says that everything was left. */
    LEFT_ALL("{address} gets no more advertising from us.", "{address} 已退订所有推广邮件。"),
    /** Title of the preference page. */
    PREFERENCES_TITLE("Your mail preferences", "邮件偏好设置"),
    /** Stands above the topics. */
    PREFERENCES_INTRO("What {address} gets from us:", "{address} 的订阅情况："),
    /** A topic is subscribed. */
    SUBSCRIBED("Subscribed", "已订阅"),
    /** A topic is not subscribed. */
    NOT_SUBSCRIBED("Not subscribed", "未订阅"),
    /** It cannot be said whether a topic is subscribed; nothing is sent until it can. */
    STATE_UNKNOWN("Cannot be shown just now; nothing is sent meanwhile", "暂时无法显示；在此期间不会发送"),
    /** The button that asks for the mail by which a topic is subscribed. */
    JOIN("Subscribe by mail…", "通过邮件订阅…"),
    /** What subscribing takes. */
    JOIN_HINT("To subscribe you confirm by a link that we send to your address.", "订阅需要点击我们发送到您邮箱的链接进行确认。"),
    /** Heading over the button that leaves everything. */
    ALL_HEADING("All advertising", "所有推广邮件"),
    /** What leaving everything does not stop. */
    ALL_HINT("Mails about your orders and your account still come.", "与您的订单和账户有关的邮件仍会发送。"),
    /** Title once a confirmation was asked for. */
    ASKED_TITLE("Look into your mailbox", "请查看您的邮箱"),
    /** Says so alike whether or not a mail could be sent. */
    ASKED(
            "If {address} can be subscribed to “{topic}”, a mail with a link is on its way. Nothing has changed until you"
                    + " confirm there.",
            "如果 {address} 可以订阅“{topic}”，确认邮件即将送达。在您确认之前，一切不变。"),
    /** Title of the page behind the link of that mail. */
    CONFIRM_TITLE("Confirm your subscription", "确认订阅"),
    /** Asks for the confirmation. */
    CONFIRM_QUESTION("Do you want {address} to get “{topic}”?", "您（{address}）要订阅“{topic}”吗？"),
    /** The button that confirms. */
    CONFIRM("Yes, subscribe", "是，订阅"),
    /** Title once it is confirmed. */
    CONFIRMED_TITLE("Subscribed", "已订阅"),
    /** Says that it is confirmed. */
    CONFIRMED("{address} is subscribed to “{topic}”.", "{address} 已订阅“{topic}”。"),
    /** Title where a confirmation did not do what was asked. */
    NOT_CONFIRMED_TITLE("Not subscribed", "未订阅"),
    /** The link of the mail is too old, or came before its time. */
    CONFIRM_EXPIRED(
            "This link can no longer be used. Nothing was changed; you can ask for a new one.",
            "此链接已失效，未做任何更改。您可以重新申请。"),
    /** There was an opt-out after the mail was asked for. */
    CONFIRM_OVERTAKEN(
            "{address} stays unsubscribed from “{topic}”, because that was asked for after this link was made. If you want it"
                    + " after all, ask for a new link.",
            "{address} 仍为“{topic}”退订状态，因为此链接生成后又收到了退订。如仍想订阅，请重新申请链接。"),
    /** The link back to the preference page. */
    TO_PREFERENCES("Go to your mail preferences", "前往邮件偏好设置"),
    /** Title for a link that is none of ours. */
    BROKEN_TITLE("This link does not work", "链接无效"),
    /** Says so, and what to do. */
    BROKEN(
            "This link is incomplete or damaged, and nothing was changed. Please open it again from the mail.",
            "此链接不完整或已损坏，未做任何更改。请从邮件中重新打开链接。"),
    /** Title where something could not be done now. */
    LATER_TITLE("Please try again", "请稍后重试"),
    /** Says so of leaving. */
    LATER_LEAVE(
            "This could not be done just now, and you are not unsubscribed yet. Please try again later.",
            "暂时无法处理，您尚未退订。请稍后重试。"),
    /** Says so of everything else. */
    LATER("This could not be done just now, and nothing was changed. Please try again later.", "暂时无法处理，未做任何更改。请稍后重试。"),
    /** Stands before the contact's address. */
    CONTACT("Questions? Write to", "如有疑问，请写信至"),
    /** Subject of the mail that asks for a confirmation. */
    MAIL_SUBJECT("Please confirm: {topic}", "请确认订阅：{topic}"),
    /** The mail that asks for a confirmation; holds {@code {link}}. */
    MAIL_TEXT("""
            Hello,

            somebody, probably you, asked on our preference page that this address gets “{topic}”.
            If you want that, open this link and press the button there:

            {link}

            The link works for 7 days. If it was not you, do nothing: nothing changes then.

            {brand}
            """, """
            您好：

            有人（应该是您本人）在我们的偏好设置页面申请为此邮箱订阅“{topic}”。
            如果您愿意，请打开以下链接并点击页面上的按钮：

            {link}

            链接 7 天内有效。如果不是您本人申请，请忽略此邮件，一切不变。

            {brand}
            """);

    private final String english;
    private final String chinese;

    PageText(String english, String chinese) {
        this.english = english;
        this.chinese = chinese;
    }

    String in(Language language) {
        return language == Language.CHINESE ? chinese : english;
    }
}
