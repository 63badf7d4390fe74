package io.crmsdk.benchmarks.mapping;

import io.crmsdk.mapping.ConsentSignal;
import io.crmsdk.model.Customer;
import io.crmsdk.quality.OptOut;
import java.util.List;
import org.mapstruct.Builder;
import org.mapstruct.Mapper;
import org.mapstruct.factory.Mappers;

/** The same with what the mapping does besides: texts without their margins, blank ones as nothing, and the opt-out. */
@Mapper(builder = @Builder(disableBuilder = true))
interface CarefulContactMapper extends ContactMapper {
    CarefulContactMapper INSTANCE = Mappers.getMapper(CarefulContactMapper.class);

    default String text(String text) {
        if (text == null) {
            return null;
        }
        String stripped = text.strip();
        return stripped.isEmpty() ? null : stripped;
    }

    default ByHand.Result result(SalesforceContact contact) {
        Customer customer = customer(contact);
        Boolean optOut = contact.hasOptedOutOfEmail();
        List<String> points = customer.emails().isEmpty()
                ? List.of()
                : List.of(customer.emails().get(0).address().canonical());
        List<ConsentSignal> consent = optOut == null
                ? List.of()
                : List.of(new ConsentSignal(
                        ConsentSignal.Channel.EMAIL,
                        "marketing",
                        optOut ? OptOut.OPTED_OUT : OptOut.NOT_OPTED_OUT,
                        points,
                        "HasOptedOutOfEmail",
                        optOut ? "true" : "false"));
        return new ByHand.Result(customer, consent);
    }
}
