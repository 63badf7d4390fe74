package io.crmsdk.benchmarks.mapping;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.math.BigInteger;

/** The record as Jackson binds it: what a MapStruct user writes or generates per vendor. */
@JsonIgnoreProperties(ignoreUnknown = true)
record SalesforceContact(
        @JsonProperty("Id") String id,
        @JsonProperty("Salutation") String salutation,
        @JsonProperty("FirstName") String firstName,
        @JsonProperty("MiddleName") String middleName,
        @JsonProperty("LastName") String lastName,
        @JsonProperty("Suffix") String suffix,
        @JsonProperty("Name") String name,
        @JsonProperty("Title") String title,
        @JsonProperty("Department") String department,
        @JsonProperty("Birthdate") String birthdate,
        @JsonProperty("Email") String email,
        @JsonProperty("Phone") String phone,
        @JsonProperty("MobilePhone") String mobilePhone,
        @JsonProperty("Fax") String fax,
        @JsonProperty("LeadSource") String leadSource,
        @JsonProperty("MailingStreet") String mailingStreet,
        @JsonProperty("MailingCity") String mailingCity,
        @JsonProperty("MailingState") String mailingState,
        @JsonProperty("MailingPostalCode") String mailingPostalCode,
        @JsonProperty("MailingCountryCode") String mailingCountryCode,
        @JsonProperty("OtherStreet") String otherStreet,
        @JsonProperty("OtherCity") String otherCity,
        @JsonProperty("OtherState") String otherState,
        @JsonProperty("OtherPostalCode") String otherPostalCode,
        @JsonProperty("OtherCountryCode") String otherCountryCode,
        @JsonProperty("Description") String description,
        @JsonProperty("OwnerId") String ownerId,
        @JsonProperty("CreatedDate") String createdDate,
        @JsonProperty("LastModifiedDate") String lastModifiedDate,
        @JsonProperty("HasOptedOutOfEmail") Boolean hasOptedOutOfEmail,
        @JsonProperty("Level__c") String level,
        @JsonProperty("Score__c") BigDecimal score,
        @JsonProperty("Orders__c") BigInteger orders,
        @JsonProperty("Revenue__c") BigDecimal revenue,
        @JsonProperty("Tags__c") String tags,
        @JsonProperty("Language__c") String language,
        @JsonProperty("Number__c") String number,
        @JsonProperty("Account") Account account) {
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Account(
            @JsonProperty("Name") String name,
            @JsonProperty("NumberOfEmployees") Integer numberOfEmployees,
            @JsonProperty("TaxNumber") String taxNumber) {}
}
