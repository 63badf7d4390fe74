/** Handing a message over to a mail server by SMTP, and keeping what the server said about it. */
@NullMarked
package io.crmsdk.mail.smtp;

import org.jspecify.annotations.NullMarked;
