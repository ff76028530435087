package org.oozieha.it.harness;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.oozieha.testing.FreePorts;

/** A mail server on loopback, and the SLA alerts it got for one recipient. Thread-safe. */
public final class Mailbox implements AutoCloseable {
    private static final Pattern SUBJECT = Pattern.compile("OOZIE - SLA END_MISS \\(AppName=.*, JobID=(.+)\\)");

    private final int port = FreePorts.one();
    private final GreenMail server = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    private final Alerts alerts = new Alerts();
    private int read;

    private Mailbox() {}

    static Mailbox start() {
        Mailbox mailbox = new Mailbox();
        mailbox.server.start();
        return mailbox;
    }

    int port() {
        return port;
    }

    /** What has arrived by now. */
    public synchronized Alerts alerts() {
        try {
            MimeMessage[] mails = server.getReceivedMessages();
            while (read < mails.length) {
                MimeMessage mail = mails[read++];
                Matcher subject = SUBJECT.matcher(mail.getSubject().replaceAll("\\s+", " "));
                if (!subject.matches()) {
                    throw new IllegalStateException("not an alert of a missed end: " + mail.getSubject());
                }
                alerts.arrived(subject.group(1), mail.getReceivedDate().toInstant());
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
