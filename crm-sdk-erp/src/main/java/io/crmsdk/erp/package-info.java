/** What ERP and CRM connectors share. */
@NullMarked
package io.crmsdk.erp;

import org.jspecify.annotations.NullMarked;
