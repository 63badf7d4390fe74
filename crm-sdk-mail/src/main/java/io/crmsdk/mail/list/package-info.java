/** Lists of mail tools kept in step with what people said: every no goes in and out, a yes goes out only. */
@NullMarked
package io.crmsdk.mail.list;

import org.jspecify.annotations.NullMarked;
