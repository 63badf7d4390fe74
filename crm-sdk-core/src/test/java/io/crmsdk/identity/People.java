package io.crmsdk.identity;

import io.crmsdk.model.Customer;
import io.crmsdk.model.CustomerEmail;
import io.crmsdk.model.CustomerKind;
import io.crmsdk.model.CustomerPhone;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.model.Organization;
import io.crmsdk.model.PartialDate;
import io.crmsdk.model.PhoneNumber;
import io.crmsdk.model.PostalAddress;
import io.crmsdk.model.TaxId;
import java.time.Instant;

/** Invented customers in few words. */
final class People {
    private final Customer.Builder to;
    private Organization.Builder organization;

    private People(CustomerKind kind, String name) {
        to = Customer.builder(kind).displayName(name);
    }

    static People of(String name) {
        return new People(CustomerKind.PERSON, name);
    }

    static People company(String name, String taxId) {
        return new People(CustomerKind.ORGANIZATION, name).tax(taxId);
    }

    People mail(String address) {
        to.addEmail(CustomerEmail.builder(EmailAddress.parse(address))
                .verifiedAt(Instant.parse("2026-01-01T00:00:00Z"))
                .build());
        return this;
    }

    People unverified(String address) {
        to.addEmail(CustomerEmail.of(EmailAddress.parse(address)));
        return this;
    }

    People phone(String e164) {
        to.addPhone(CustomerPhone.of(PhoneNumber.ofE164(e164)));
        return this;
    }

    People company(String name) {
        organization = (organization == null ? Organization.builder() : organization).legalName(name);
        return this;
    }

    People tax(String taxId) {
        organization =
                (organization == null ? Organization.builder() : organization).addTaxId(new TaxId("TAX", null, taxId));
        return this;
    }

    People born(String date) {
        to.birthday(PartialDate.parse(date));
        return this;
    }

    People at(String city, String postcode) {
        to.addAddress(
                PostalAddress.builder().locality(city).postalCode(postcode).build());
        return this;
    }

    People job(String title) {
        to.jobTitle(title);
        return this;
    }

    Customer build() {
        return organization == null
                ? to.build()
                : to.organization(organization.build()).build();
    }
}
