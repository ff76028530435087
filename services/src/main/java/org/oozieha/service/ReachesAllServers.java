package org.oozieha.service;

/** Marks a service of Oozie that carries a request to all servers by itself, so that Oozie must not repeat it to each of them. */
public interface ReachesAllServers {}
