package org.oozieha.it;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.oozieha.testing.FreePorts;

/** A mail server on loopback, and the SLA alerts it got. Thread-safe. */
final class Mailbox implements AutoCloseable {
    private static final Pattern SUBJECT = Pattern.compile("OOZIE - SLA (\\w+) \\(AppName=.*, JobID=(.+)\\)");

    private final int port = FreePorts.one();
    private final GreenMail server = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    Mailbox() {
        server.start();
    }

    int port() {
        return port;
    }

    /** {@code <job> <event>} to the times its mails arrived. */
    Map<String, List<Instant>> alerts() {
        Map<String, List<Instant>> alerts = new TreeMap<>();
        try {
            for (MimeMessage mail : server.getReceivedMessages()) {
                Matcher subject = SUBJECT.matcher(mail.getSubject().replaceAll("\\s+", " "));
                if (!subject.matches()) {
                    throw new IllegalStateException("not an SLA alert: " + mail.getSubject());
                }
                alerts.computeIfAbsent(subject.group(2) + " " + subject.group(1), key -> new ArrayList<>())
                        .add(mail.getReceivedDate().toInstant());
            }
            return alerts;
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop();
    }
}
