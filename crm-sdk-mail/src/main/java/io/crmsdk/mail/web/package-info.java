/** One HTTP exchange without a framework, and what plugs it into the JDK's server or a servlet container. */
@NullMarked
package io.crmsdk.mail.web;

import org.jspecify.annotations.NullMarked;
