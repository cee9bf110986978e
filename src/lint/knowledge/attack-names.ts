/** The names of the techniques of MITRE ATT&CK for enterprises. Made by `scripts/attack-table.mjs`, as `attack-techniques.ts` is. */

const NAMES =
  '1001 Data Obfuscation| 1001.001 Junk Data| 1001.002 Steganography| 1001.003 Protocol or Service Impersonation| 1003 OS ' +
  'Credential Dumping| 1003.001 LSASS Memory| 1003.002 Security Account Manager| 1003.003 NTDS| 1003.004 LSA Secrets| ' +
  '1003.005 Cached Domain Credentials| 1003.006 DCSync| 1003.007 Proc Filesystem| 1003.008 /etc/passwd and /etc/shadow| ' +
  '1005 Data from Local System| 1006 Direct Volume Access| 1007 System Service Discovery| 1008 Fallback Channels| 1010 ' +
  'Application Window Discovery| 1011 Exfiltration Over Other Network Medium| 1011.001 Exfiltration Over Bluetooth| 1012 ' +
  'Query Registry| 1014 Rootkit| 1016 System Network Configuration Discovery| 1016.001 Internet Connection Discovery| ' +
  '1016.002 Wi-Fi Discovery| 1018 Remote System Discovery| 1020 Automated Exfiltration| 1020.001 Traffic Duplication| 1021 ' +
  'Remote Services| 1021.001 Remote Desktop Protocol| 1021.002 SMB/Windows Admin Shares| 1021.003 Distributed Component ' +
  'Object Model| 1021.004 SSH| 1021.005 VNC| 1021.006 Windows Remote Management| 1021.007 Cloud Services| 1021.008 Direct ' +
  'Cloud VM Connections| 1025 Data from Removable Media| 1027 Obfuscated Files or Information| 1027.001 Binary Padding| ' +
  '1027.002 Software Packing| 1027.003 Steganography| 1027.004 Compile After Delivery| 1027.005 Indicator Removal from ' +
  'Tools| 1027.006 HTML Smuggling| 1027.007 Dynamic API Resolution| 1027.008 Stripped Payloads| 1027.009 Embedded ' +
  'Payloads| 1027.010 Command Obfuscation| 1027.011 Fileless Storage| 1027.012 LNK Icon Smuggling| 1027.013 ' +
  'Encrypted/Encoded File| 1027.014 Polymorphic Code| 1027.015 Compression| 1027.016 Junk Code Insertion| 1027.017 SVG ' +
  'Smuggling| 1029 Scheduled Transfer| 1030 Data Transfer Size Limits| 1033 System Owner/User Discovery| 1036 ' +
  'Masquerading| 1036.001 Invalid Code Signature| 1036.002 Right-to-Left Override| 1036.003 Rename Legitimate Utilities| ' +
  '1036.004 Masquerade Task or Service| 1036.005 Match Legitimate Resource Name or Location| 1036.006 Space after ' +
  'Filename| 1036.007 Double File Extension| 1036.008 Masquerade File Type| 1036.009 Break Process Trees| 1036.010 ' +
  'Masquerade Account Name| 1036.011 Overwrite Process Arguments| 1036.012 Browser Fingerprint| 1037 Boot or Logon ' +
  'Initialization Scripts| 1037.001 Logon Script (Windows)| 1037.002 Login Hook| 1037.003 Network Logon Script| 1037.004 ' +
  'RC Scripts| 1037.005 Startup Items| 1039 Data from Network Shared Drive| 1040 Network Sniffing| 1041 Exfiltration Over ' +
  'C2 Channel| 1046 Network Service Discovery| 1047 Windows Management Instrumentation| 1048 Exfiltration Over Alternative ' +
  'Protocol| 1048.001 Exfiltration Over Symmetric Encrypted Non-C2 Protocol| 1048.002 Exfiltration Over Asymmetric ' +
  'Encrypted Non-C2 Protocol| 1048.003 Exfiltration Over Unencrypted Non-C2 Protocol| 1049 System Network Connections ' +
  'Discovery| 1052 Exfiltration Over Physical Medium| 1052.001 Exfiltration over USB| 1053 Scheduled Task/Job| 1053.002 ' +
  'At| 1053.003 Cron| 1053.005 Scheduled Task| 1053.006 Systemd Timers| 1053.007 Container Orchestration Job| 1055 Process ' +
  'Injection| 1055.001 Dynamic-link Library Injection| 1055.002 Portable Executable Injection| 1055.003 Thread Execution ' +
  'Hijacking| 1055.004 Asynchronous Procedure Call| 1055.005 Thread Local Storage| 1055.008 Ptrace System Calls| 1055.009 ' +
  'Proc Memory| 1055.011 Extra Window Memory Injection| 1055.012 Process Hollowing| 1055.013 Process Doppelgänging| ' +
  '1055.014 VDSO Hijacking| 1055.015 ListPlanting| 1056 Input Capture| 1056.001 Keylogging| 1056.002 GUI Input Capture| ' +
  '1056.003 Web Portal Capture| 1056.004 Credential API Hooking| 1057 Process Discovery| 1059 Command and Scripting ' +
  'Interpreter| 1059.001 PowerShell| 1059.002 AppleScript| 1059.003 Windows Command Shell| 1059.004 Unix Shell| 1059.005 ' +
  'Visual Basic| 1059.006 Python| 1059.007 JavaScript| 1059.008 Network Device CLI| 1059.009 Cloud API| 1059.010 ' +
  'AutoHotKey & AutoIT| 1059.011 Lua| 1059.012 Hypervisor CLI| 1059.013 Container CLI/API| 1068 Exploitation for Privilege ' +
  'Escalation| 1069 Permission Groups Discovery| 1069.001 Local Groups| 1069.002 Domain Groups| 1069.003 Cloud Groups| ' +
  '1070 Indicator Removal| 1070.001 Clear Windows Event Logs| 1070.002 Clear Linux or Mac System Logs| 1070.003 Clear ' +
  'Command History| 1070.004 File Deletion| 1070.005 Network Share Connection Removal| 1070.006 Timestomp| 1070.007 Clear ' +
  'Network Connection History and Configurations| 1070.008 Clear Mailbox Data| 1070.009 Clear Persistence| 1070.010 ' +
  'Relocate Malware| 1071 Application Layer Protocol| 1071.001 Web Protocols| 1071.002 File Transfer Protocols| 1071.003 ' +
  'Mail Protocols| 1071.004 DNS| 1071.005 Publish/Subscribe Protocols| 1072 Software Deployment Tools| 1074 Data Staged| ' +
  '1074.001 Local Data Staging| 1074.002 Remote Data Staging| 1078 Valid Accounts| 1078.001 Default Accounts| 1078.002 ' +
  'Domain Accounts| 1078.003 Local Accounts| 1078.004 Cloud Accounts| 1080 Taint Shared Content| 1082 System Information ' +
  'Discovery| 1083 File and Directory Discovery| 1087 Account Discovery| 1087.001 Local Account| 1087.002 Domain Account| ' +
  '1087.003 Email Account| 1087.004 Cloud Account| 1090 Proxy| 1090.001 Internal Proxy| 1090.002 External Proxy| 1090.003 ' +
  'Multi-hop Proxy| 1090.004 Domain Fronting| 1091 Replication Through Removable Media| 1092 Communication Through ' +
  'Removable Media| 1095 Non-Application Layer Protocol| 1098 Account Manipulation| 1098.001 Additional Cloud Credentials| ' +
  '1098.002 Additional Email Delegate Permissions| 1098.003 Additional Cloud Roles| 1098.004 SSH Authorized Keys| 1098.005 ' +
  'Device Registration| 1098.006 Additional Container Cluster Roles| 1098.007 Additional Local or Domain Groups| 1102 Web ' +
  'Service| 1102.001 Dead Drop Resolver| 1102.002 Bidirectional Communication| 1102.003 One-Way Communication| 1104 ' +
  'Multi-Stage Channels| 1105 Ingress Tool Transfer| 1106 Native API| 1110 Brute Force| 1110.001 Password Guessing| ' +
  '1110.002 Password Cracking| 1110.003 Password Spraying| 1110.004 Credential Stuffing| 1111 Multi-Factor Authentication ' +
  'Interception| 1112 Modify Registry| 1113 Screen Capture| 1114 Email Collection| 1114.001 Local Email Collection| ' +
  '1114.002 Remote Email Collection| 1114.003 Email Forwarding Rule| 1115 Clipboard Data| 1119 Automated Collection| 1120 ' +
  'Peripheral Device Discovery| 1123 Audio Capture| 1124 System Time Discovery| 1125 Video Capture| 1127 Trusted Developer ' +
  'Utilities Proxy Execution| 1127.001 MSBuild| 1127.002 ClickOnce| 1127.003 JamPlus| 1129 Shared Modules| 1132 Data ' +
  'Encoding| 1132.001 Standard Encoding| 1132.002 Non-Standard Encoding| 1133 External Remote Services| 1134 Access Token ' +
  'Manipulation| 1134.001 Token Impersonation/Theft| 1134.002 Create Process with Token| 1134.003 Make and Impersonate ' +
  'Token| 1134.004 Parent PID Spoofing| 1134.005 SID-History Injection| 1135 Network Share Discovery| 1136 Create Account| ' +
  '1136.001 Local Account| 1136.002 Domain Account| 1136.003 Cloud Account| 1137 Office Application Startup| 1137.001 ' +
  'Office Template Macros| 1137.002 Office Test| 1137.003 Outlook Forms| 1137.004 Outlook Home Page| 1137.005 Outlook ' +
  'Rules| 1137.006 Add-ins| 1140 Deobfuscate/Decode Files or Information| 1176 Software Extensions| 1176.001 Browser ' +
  'Extensions| 1176.002 IDE Extensions| 1185 Browser Session Hijacking| 1187 Forced Authentication| 1189 Drive-by ' +
  'Compromise| 1190 Exploit Public-Facing Application| 1195 Supply Chain Compromise| 1195.001 Compromise Software ' +
  'Dependencies and Development Tools| 1195.002 Compromise Software Supply Chain| 1195.003 Compromise Hardware Supply ' +
  'Chain| 1197 BITS Jobs| 1199 Trusted Relationship| 1200 Hardware Additions| 1201 Password Policy Discovery| 1202 ' +
  'Indirect Command Execution| 1203 Exploitation for Client Execution| 1204 User Execution| 1204.001 Malicious Link| ' +
  '1204.002 Malicious File| 1204.003 Malicious Image| 1204.004 Malicious Copy and Paste| 1204.005 Malicious Library| 1205 ' +
  'Traffic Signaling| 1205.001 Port Knocking| 1205.002 Socket Filters| 1207 Rogue Domain Controller| 1210 Exploitation of ' +
  'Remote Services| 1211 Exploitation for Defense Evasion| 1212 Exploitation for Credential Access| 1213 Data from ' +
  'Information Repositories| 1213.001 Confluence| 1213.002 Sharepoint| 1213.003 Code Repositories| 1213.004 Customer ' +
  'Relationship Management Software| 1213.005 Messaging Applications| 1213.006 Databases| 1216 System Script Proxy ' +
  'Execution| 1216.001 PubPrn| 1216.002 SyncAppvPublishingServer| 1217 Browser Information Discovery| 1218 System Binary ' +
  'Proxy Execution| 1218.001 Compiled HTML File| 1218.002 Control Panel| 1218.003 CMSTP| 1218.004 InstallUtil| 1218.005 ' +
  'Mshta| 1218.007 Msiexec| 1218.008 Odbcconf| 1218.009 Regsvcs/Regasm| 1218.010 Regsvr32| 1218.011 Rundll32| 1218.012 ' +
  'Verclsid| 1218.013 Mavinject| 1218.014 MMC| 1218.015 Electron Applications| 1219 Remote Access Tools| 1219.001 IDE ' +
  'Tunneling| 1219.002 Remote Desktop Software| 1219.003 Remote Access Hardware| 1220 XSL Script Processing| 1221 Template ' +
  'Injection| 1222 File and Directory Permissions Modification| 1222.001 Windows File and Directory Permissions ' +
  'Modification| 1222.002 Linux and Mac File and Directory Permissions Modification| 1480 Execution Guardrails| 1480.001 ' +
  'Environmental Keying| 1480.002 Mutual Exclusion| 1482 Domain Trust Discovery| 1484 Domain or Tenant Policy ' +
  'Modification| 1484.001 Group Policy Modification| 1484.002 Trust Modification| 1485 Data Destruction| 1485.001 ' +
  'Lifecycle-Triggered Deletion| 1486 Data Encrypted for Impact| 1489 Service Stop| 1490 Inhibit System Recovery| 1491 ' +
  'Defacement| 1491.001 Internal Defacement| 1491.002 External Defacement| 1495 Firmware Corruption| 1496 Resource ' +
  'Hijacking| 1496.001 Compute Hijacking| 1496.002 Bandwidth Hijacking| 1496.003 SMS Pumping| 1496.004 Cloud Service ' +
  'Hijacking| 1497 Virtualization/Sandbox Evasion| 1497.001 System Checks| 1497.002 User Activity Based Checks| 1497.003 ' +
  'Time Based Checks| 1498 Network Denial of Service| 1498.001 Direct Network Flood| 1498.002 Reflection Amplification| ' +
  '1499 Endpoint Denial of Service| 1499.001 OS Exhaustion Flood| 1499.002 Service Exhaustion Flood| 1499.003 Application ' +
  'Exhaustion Flood| 1499.004 Application or System Exploitation| 1505 Server Software Component| 1505.001 SQL Stored ' +
  'Procedures| 1505.002 Transport Agent| 1505.003 Web Shell| 1505.004 IIS Components| 1505.005 Terminal Services DLL| ' +
  '1505.006 vSphere Installation Bundles| 1518 Software Discovery| 1518.001 Security Software Discovery| 1518.002 Backup ' +
  'Software Discovery| 1525 Implant Internal Image| 1526 Cloud Service Discovery| 1528 Steal Application Access Token| ' +
  '1529 System Shutdown/Reboot| 1530 Data from Cloud Storage| 1531 Account Access Removal| 1534 Internal Spearphishing| ' +
  '1535 Unused/Unsupported Cloud Regions| 1537 Transfer Data to Cloud Account| 1538 Cloud Service Dashboard| 1539 Steal ' +
  'Web Session Cookie| 1542 Pre-OS Boot| 1542.001 System Firmware| 1542.002 Component Firmware| 1542.003 Bootkit| 1542.004 ' +
  'ROMMONkit| 1542.005 TFTP Boot| 1543 Create or Modify System Process| 1543.001 Launch Agent| 1543.002 Systemd Service| ' +
  '1543.003 Windows Service| 1543.004 Launch Daemon| 1543.005 Container Service| 1546 Event Triggered Execution| 1546.001 ' +
  'Change Default File Association| 1546.002 Screensaver| 1546.003 Windows Management Instrumentation Event Subscription| ' +
  '1546.004 Unix Shell Configuration Modification| 1546.005 Trap| 1546.006 LC_LOAD_DYLIB Addition| 1546.007 Netsh Helper ' +
  'DLL| 1546.008 Accessibility Features| 1546.009 AppCert DLLs| 1546.010 AppInit DLLs| 1546.011 Application Shimming| ' +
  '1546.012 Image File Execution Options Injection| 1546.013 PowerShell Profile| 1546.014 Emond| 1546.015 Component Object ' +
  'Model Hijacking| 1546.016 Installer Packages| 1546.017 Udev Rules| 1546.018 Python Startup Hooks| 1547 Boot or Logon ' +
  'Autostart Execution| 1547.001 Registry Run Keys / Startup Folder| 1547.002 Authentication Package| 1547.003 Time ' +
  'Providers| 1547.004 Winlogon Helper DLL| 1547.005 Security Support Provider| 1547.006 Kernel Modules and Extensions| ' +
  '1547.007 Re-opened Applications| 1547.008 LSASS Driver| 1547.009 Shortcut Modification| 1547.010 Port Monitors| ' +
  '1547.012 Print Processors| 1547.013 XDG Autostart Entries| 1547.014 Active Setup| 1547.015 Login Items| 1548 Abuse ' +
  'Elevation Control Mechanism| 1548.001 Setuid and Setgid| 1548.002 Bypass User Account Control| 1548.003 Sudo and Sudo ' +
  'Caching| 1548.004 Elevated Execution with Prompt| 1548.005 Temporary Elevated Cloud Access| 1548.006 TCC Manipulation| ' +
  '1550 Use Alternate Authentication Material| 1550.001 Application Access Token| 1550.002 Pass the Hash| 1550.003 Pass ' +
  'the Ticket| 1550.004 Web Session Cookie| 1552 Unsecured Credentials| 1552.001 Credentials In Files| 1552.002 ' +
  'Credentials in Registry| 1552.003 Shell History| 1552.004 Private Keys| 1552.005 Cloud Instance Metadata API| 1552.006 ' +
  'Group Policy Preferences| 1552.007 Container API| 1552.008 Chat Messages| 1553 Subvert Trust Controls| 1553.001 ' +
  'Gatekeeper Bypass| 1553.002 Code Signing| 1553.003 SIP and Trust Provider Hijacking| 1553.004 Install Root Certificate| ' +
  '1553.005 Mark-of-the-Web Bypass| 1553.006 Code Signing Policy Modification| 1554 Compromise Host Software Binary| 1555 ' +
  'Credentials from Password Stores| 1555.001 Keychain| 1555.002 Securityd Memory| 1555.003 Credentials from Web Browsers| ' +
  '1555.004 Windows Credential Manager| 1555.005 Password Managers| 1555.006 Cloud Secrets Management Stores| 1556 Modify ' +
  'Authentication Process| 1556.001 Domain Controller Authentication| 1556.002 Password Filter DLL| 1556.003 Pluggable ' +
  'Authentication Modules| 1556.004 Network Device Authentication| 1556.005 Reversible Encryption| 1556.006 Multi-Factor ' +
  'Authentication| 1556.007 Hybrid Identity| 1556.008 Network Provider DLL| 1556.009 Conditional Access Policies| 1557 ' +
  'Adversary-in-the-Middle| 1557.001 LLMNR/NBT-NS Poisoning and SMB Relay| 1557.002 ARP Cache Poisoning| 1557.003 DHCP ' +
  'Spoofing| 1557.004 Evil Twin| 1558 Steal or Forge Kerberos Tickets| 1558.001 Golden Ticket| 1558.002 Silver Ticket| ' +
  '1558.003 Kerberoasting| 1558.004 AS-REP Roasting| 1558.005 Ccache Files| 1559 Inter-Process Communication| 1559.001 ' +
  'Component Object Model| 1559.002 Dynamic Data Exchange| 1559.003 XPC Services| 1560 Archive Collected Data| 1560.001 ' +
  'Archive via Utility| 1560.002 Archive via Library| 1560.003 Archive via Custom Method| 1561 Disk Wipe| 1561.001 Disk ' +
  'Content Wipe| 1561.002 Disk Structure Wipe| 1562 Impair Defenses| 1562.001 Disable or Modify Tools| 1562.002 Disable ' +
  'Windows Event Logging| 1562.003 Impair Command History Logging| 1562.004 Disable or Modify System Firewall| 1562.006 ' +
  'Indicator Blocking| 1562.007 Disable or Modify Cloud Firewall| 1562.008 Disable or Modify Cloud Logs| 1562.009 Safe ' +
  'Mode Boot| 1562.010 Downgrade Attack| 1562.011 Spoof Security Alerting| 1562.012 Disable or Modify Linux Audit System| ' +
  '1562.013 Disable or Modify Network Device Firewall| 1563 Remote Service Session Hijacking| 1563.001 SSH Hijacking| ' +
  '1563.002 RDP Hijacking| 1564 Hide Artifacts| 1564.001 Hidden Files and Directories| 1564.002 Hidden Users| 1564.003 ' +
  'Hidden Window| 1564.004 NTFS File Attributes| 1564.005 Hidden File System| 1564.006 Run Virtual Instance| 1564.007 VBA ' +
  'Stomping| 1564.008 Email Hiding Rules| 1564.009 Resource Forking| 1564.010 Process Argument Spoofing| 1564.011 Ignore ' +
  'Process Interrupts| 1564.012 File/Path Exclusions| 1564.013 Bind Mounts| 1564.014 Extended Attributes| 1565 Data ' +
  'Manipulation| 1565.001 Stored Data Manipulation| 1565.002 Transmitted Data Manipulation| 1565.003 Runtime Data ' +
  'Manipulation| 1566 Phishing| 1566.001 Spearphishing Attachment| 1566.002 Spearphishing Link| 1566.003 Spearphishing via ' +
  'Service| 1566.004 Spearphishing Voice| 1567 Exfiltration Over Web Service| 1567.001 Exfiltration to Code Repository| ' +
  '1567.002 Exfiltration to Cloud Storage| 1567.003 Exfiltration to Text Storage Sites| 1567.004 Exfiltration Over ' +
  'Webhook| 1568 Dynamic Resolution| 1568.001 Fast Flux DNS| 1568.002 Domain Generation Algorithms| 1568.003 DNS ' +
  'Calculation| 1569 System Services| 1569.001 Launchctl| 1569.002 Service Execution| 1569.003 Systemctl| 1570 Lateral ' +
  'Tool Transfer| 1571 Non-Standard Port| 1572 Protocol Tunneling| 1573 Encrypted Channel| 1573.001 Symmetric ' +
  'Cryptography| 1573.002 Asymmetric Cryptography| 1574 Hijack Execution Flow| 1574.001 DLL| 1574.004 Dylib Hijacking| ' +
  '1574.005 Executable Installer File Permissions Weakness| 1574.006 Dynamic Linker Hijacking| 1574.007 Path Interception ' +
  'by PATH Environment Variable| 1574.008 Path Interception by Search Order Hijacking| 1574.009 Path Interception by ' +
  'Unquoted Path| 1574.010 Services File Permissions Weakness| 1574.011 Services Registry Permissions Weakness| 1574.012 ' +
  'COR_PROFILER| 1574.013 KernelCallbackTable| 1574.014 AppDomainManager| 1578 Modify Cloud Compute Infrastructure| ' +
  '1578.001 Create Snapshot| 1578.002 Create Cloud Instance| 1578.003 Delete Cloud Instance| 1578.004 Revert Cloud ' +
  'Instance| 1578.005 Modify Cloud Compute Configurations| 1580 Cloud Infrastructure Discovery| 1583 Acquire ' +
  'Infrastructure| 1583.001 Domains| 1583.002 DNS Server| 1583.003 Virtual Private Server| 1583.004 Server| 1583.005 ' +
  'Botnet| 1583.006 Web Services| 1583.007 Serverless| 1583.008 Malvertising| 1584 Compromise Infrastructure| 1584.001 ' +
  'Domains| 1584.002 DNS Server| 1584.003 Virtual Private Server| 1584.004 Server| 1584.005 Botnet| 1584.006 Web Services| ' +
  '1584.007 Serverless| 1584.008 Network Devices| 1585 Establish Accounts| 1585.001 Social Media Accounts| 1585.002 Email ' +
  'Accounts| 1585.003 Cloud Accounts| 1586 Compromise Accounts| 1586.001 Social Media Accounts| 1586.002 Email Accounts| ' +
  '1586.003 Cloud Accounts| 1587 Develop Capabilities| 1587.001 Malware| 1587.002 Code Signing Certificates| 1587.003 ' +
  'Digital Certificates| 1587.004 Exploits| 1588 Obtain Capabilities| 1588.001 Malware| 1588.002 Tool| 1588.003 Code ' +
  'Signing Certificates| 1588.004 Digital Certificates| 1588.005 Exploits| 1588.006 Vulnerabilities| 1588.007 Artificial ' +
  'Intelligence| 1589 Gather Victim Identity Information| 1589.001 Credentials| 1589.002 Email Addresses| 1589.003 ' +
  'Employee Names| 1590 Gather Victim Network Information| 1590.001 Domain Properties| 1590.002 DNS| 1590.003 Network ' +
  'Trust Dependencies| 1590.004 Network Topology| 1590.005 IP Addresses| 1590.006 Network Security Appliances| 1591 Gather ' +
  'Victim Org Information| 1591.001 Determine Physical Locations| 1591.002 Business Relationships| 1591.003 Identify ' +
  'Business Tempo| 1591.004 Identify Roles| 1592 Gather Victim Host Information| 1592.001 Hardware| 1592.002 Software| ' +
  '1592.003 Firmware| 1592.004 Client Configurations| 1593 Search Open Websites/Domains| 1593.001 Social Media| 1593.002 ' +
  'Search Engines| 1593.003 Code Repositories| 1594 Search Victim-Owned Websites| 1595 Active Scanning| 1595.001 Scanning ' +
  'IP Blocks| 1595.002 Vulnerability Scanning| 1595.003 Wordlist Scanning| 1596 Search Open Technical Databases| 1596.001 ' +
  'DNS/Passive DNS| 1596.002 WHOIS| 1596.003 Digital Certificates| 1596.004 CDNs| 1596.005 Scan Databases| 1597 Search ' +
  'Closed Sources| 1597.001 Threat Intel Vendors| 1597.002 Purchase Technical Data| 1598 Phishing for Information| ' +
  '1598.001 Spearphishing Service| 1598.002 Spearphishing Attachment| 1598.003 Spearphishing Link| 1598.004 Spearphishing ' +
  'Voice| 1599 Network Boundary Bridging| 1599.001 Network Address Translation Traversal| 1600 Weaken Encryption| 1600.001 ' +
  'Reduce Key Space| 1600.002 Disable Crypto Hardware| 1601 Modify System Image| 1601.001 Patch System Image| 1601.002 ' +
  'Downgrade System Image| 1602 Data from Configuration Repository| 1602.001 SNMP (MIB Dump)| 1602.002 Network Device ' +
  'Configuration Dump| 1606 Forge Web Credentials| 1606.001 Web Cookies| 1606.002 SAML Tokens| 1608 Stage Capabilities| ' +
  '1608.001 Upload Malware| 1608.002 Upload Tool| 1608.003 Install Digital Certificate| 1608.004 Drive-by Target| 1608.005 ' +
  'Link Target| 1608.006 SEO Poisoning| 1609 Container Administration Command| 1610 Deploy Container| 1611 Escape to Host| ' +
  '1612 Build Image on Host| 1613 Container and Resource Discovery| 1614 System Location Discovery| 1614.001 System ' +
  'Language Discovery| 1615 Group Policy Discovery| 1619 Cloud Storage Object Discovery| 1620 Reflective Code Loading| ' +
  '1621 Multi-Factor Authentication Request Generation| 1622 Debugger Evasion| 1647 Plist File Modification| 1648 ' +
  'Serverless Execution| 1649 Steal or Forge Authentication Certificates| 1650 Acquire Access| 1651 Cloud Administration ' +
  'Command| 1652 Device Driver Discovery| 1653 Power Settings| 1654 Log Enumeration| 1656 Impersonation| 1657 Financial ' +
  'Theft| 1659 Content Injection| 1665 Hide Infrastructure| 1666 Modify Cloud Resource Hierarchy| 1667 Email Bombing| 1668 ' +
  'Exclusive Control| 1669 Wi-Fi Networks| 1671 Cloud Application Integration| 1672 Email Spoofing| 1673 Virtual Machine ' +
  'Discovery| 1674 Input Injection| 1675 ESXi Administration Command| 1677 Poisoned Pipeline Execution| 1678 Delay ' +
  'Execution| 1679 Selective Exclusion| 1680 Local Storage Discovery| 1681 Search Threat Vendor Data|';

let byId: ReadonlyMap<string, string> | null = null;

/** Technique -> name: `T1003.001` -> `LSASS Memory`. */
export function techniqueNames(): ReadonlyMap<string, string> {
  byId ??= new Map(
    NAMES.split('|').map((entry): [string, string] => {
      const [id = '', ...words] = entry.trim().split(' ');
      return [`T${id}`, words.join(' ')];
    }),
  );
  return byId;
}
