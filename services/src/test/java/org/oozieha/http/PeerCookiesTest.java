package org.oozieha.http;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

public class PeerCookiesTest {
    private static final String PEER = "http://a:11000/oozie";

    private final AtomicLong clock = new AtomicLong(1_000_000);
    private final PeerCookies cookies = new PeerCookies(clock::get);

    @Test
    public void a_cookie_is_used_for_nine_tenths_of_its_life() {
        String cookie = "\"u=oozie&p=oozie/a@R&t=kerberos&e=1100000&s=abc=\"";
        cookies.put(PEER, cookie);
        clock.addAndGet(89_999);
        assertEquals(cookie, cookies.get(PEER));
        clock.addAndGet(1);
        assertNull(cookies.get(PEER));
    }

    @Test
    public void a_cookie_that_does_not_say_when_it_ends_is_used_until_it_is_refused() {
        cookies.put(PEER, "t");
        clock.addAndGet(Integer.MAX_VALUE);
        assertEquals("t", cookies.get(PEER));
        cookies.refused(PEER, "t");
        assertNull(cookies.get(PEER));
    }

    @Test
    public void a_refusal_of_an_older_cookie_leaves_the_new_one() {
        cookies.put(PEER, "new");
        cookies.refused(PEER, "old");
        cookies.refused("http://b:11000/oozie", "new");
        assertEquals("new", cookies.get(PEER));
    }
}
