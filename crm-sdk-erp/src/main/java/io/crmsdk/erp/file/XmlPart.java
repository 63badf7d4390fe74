package io.crmsdk.erp.file;

import com.fasterxml.aalto.UncheckedStreamException;
import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** One XML part of a workbook, read with the parser that the library uses as well, so that both see the same. */
final class XmlPart implements AutoCloseable {
    private static final InputFactoryImpl FACTORY = factory();
    private static final int MOST_DEPTH = 100;

    private final XlsxPackage archive;
    private final String name;
    private final InputStream in;
    private final XMLStreamReader xml;
    private int depth;

    XmlPart(XlsxPackage archive, String name) {
        this.archive = archive;
        this.name = name;
        this.in = archive.open(name);
        try {
            this.xml = FACTORY.createXMLStreamReader(in);
        } catch (XMLStreamException e) {
            close();
            throw archive.malformed("a part is no XML", e);
        }
    }

    private static InputFactoryImpl factory() {
        InputFactoryImpl factory = new InputFactoryImpl();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, Boolean.FALSE);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, Boolean.FALSE);
        return factory;
    }

    /** The next event, or {@code END_DOCUMENT}. */
    int next() {
        try {
            int event = xml.next();
            switch (event) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (++depth > MOST_DEPTH) {
                        throw archive.limit("XML nested more than " + MOST_DEPTH + " deep");
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> depth--;
                case XMLStreamConstants.DTD -> throw archive.unsafe("a document type in its XML");
                case XMLStreamConstants.ENTITY_REFERENCE -> throw archive.unsafe("an entity in its XML");
                case XMLStreamConstants.END_DOCUMENT -> drain();
                default -> {
                    // Text, comments and instructions are the caller's.
                }
            }
            return event;
        } catch (IOException
                | XMLStreamException
                | UncheckedStreamException
                | IllegalArgumentException
                | IndexOutOfBoundsException e) {
            throw failed(e);
        }
    }

    /** The parser reads text only when it is asked for, and then fails without being checked. */
    private FileException failed(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException io) {
                return archive.broken(name, io);
            }
        }
        return archive.malformed("broken XML in a part of the workbook; send the file again", e);
    }

    /** The checksum is compared at the end of the part, which the parser need not reach. */
    private void drain() throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
    }

    boolean isText(int event) {
        return event == XMLStreamConstants.CHARACTERS
                || event == XMLStreamConstants.CDATA
                || event == XMLStreamConstants.SPACE;
    }

    /** Name of the element without its prefix. */
    String element() {
        return xml.getLocalName();
    }

    @Nullable
    String attribute(String attribute) {
        return xml.getAttributeValue(null, attribute);
    }

    @Nullable
    String attribute(String namespace, String attribute) {
        return xml.getAttributeValue(namespace, attribute);
    }

    boolean isTrue(String attribute) {
        String value = attribute(attribute);
        return value != null && (value.equals("1") || value.equalsIgnoreCase("true"));
    }

    int textLength() {
        try {
            return xml.getTextLength();
        } catch (UncheckedStreamException e) {
            throw failed(e);
        }
    }

    String text() {
        try {
            return xml.getText();
        } catch (UncheckedStreamException e) {
            throw failed(e);
        }
    }

    /** Goes to the end of the part, for its checks alone. */
    void finish() {
        while (next() != XMLStreamConstants.END_DOCUMENT) {
            // Every event is checked by next().
        }
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw archive.broken(name, e);
        }
    }
}
