package org.oozieha.it.mini;

import java.lang.reflect.Method;
import org.apache.oozie.jms.JMSConnectionInfo;
import org.apache.oozie.service.JMSAccessorService;
import org.apache.oozie.service.Services;

/** How stock's accessor of brokers loses topics after an outage; what the pack does in the same place is in its unit tests. */
public final class HCatStockAccessorTest extends HCatTestCase {
    private static final JMSConnectionInfo BROKER = new JMSConnectionInfo("java.naming.provider.url#none");

    private JMSAccessorService bootWithScriptedBroker(String... keysAndValues) throws Exception {
        ScriptedContext.reset();
        Services services = bootStock(keysAndValues);
        services.getConf().set(JMSAccessorService.JMS_CONNECTION_CONTEXT_IMPL, ScriptedContext.class.getName());
        return services.get(JMSAccessorService.class);
    }

    public void test_h5_stock_gives_up_a_broker_and_takes_no_topic_of_it_any_more() throws Exception {
        JMSAccessorService stock = bootWithScriptedBroker(JMSAccessorService.CONF_RETRY_MAX_ATTEMPTS, "2");
        ScriptedContext.setDown(true);
        stock.registerForNotification(BROKER, "topic", message -> {});
        assertEquals(true, ask(stock, "retryConnection"));
        assertEquals(true, ask(stock, "retryConnection"));
        assertEquals("given up", false, ask(stock, "retryConnection"));
        ScriptedContext.setDown(false);
        int attempts = ScriptedContext.attempts();
        stock.registerForNotification(BROKER, "topic", message -> {});
        stock.registerForNotification(BROKER, "another", message -> {});
        assertEquals("the broker is back and not asked", attempts, ScriptedContext.attempts());
        assertEquals(0, ScriptedContext.consumers());
    }

    public void test_h6_stock_forgets_a_topic_that_was_refused_once_after_an_outage() throws Exception {
        JMSAccessorService stock = bootWithScriptedBroker();
        stock.registerForNotification(BROKER, "topic", message -> {});
        stock.registerForNotification(BROKER, "refused", message -> {});
        assertEquals(2, ScriptedContext.consumers());
        ScriptedContext.refuse("refused");
        stock.reestablishConnection(BROKER);
        assertEquals(true, ask(stock, "retryConnection"));
        assertEquals("one of two", 3, ScriptedContext.consumers());
        assertEquals("and nothing is tried again", false, ask(stock, "isConnectionInRetryList"));
    }

    private static Object ask(JMSAccessorService stock, String what) throws ReflectiveOperationException {
        Method method = JMSAccessorService.class.getDeclaredMethod(what, JMSConnectionInfo.class);
        method.setAccessible(true);
        return method.invoke(stock, BROKER);
    }
}
