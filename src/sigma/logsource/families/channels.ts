/**
 * Services that are simply one channel. Some configurations in use have a display name or a misspelling instead. Both that name
 * and the real name of the channel are then accepted.
 */
import type { LogSourceFamily } from '../family.ts';

export const family: LogSourceFamily = {
  name: 'channels',
  services: {
    application: { channels: ['Application'] },
    'application-experience': {
      channels: [
        'Microsoft-Windows-Application-Experience/Program-Telemetry',
        'Microsoft-Windows-Application-Experience/Program-Compatibility-Assistant',
      ],
      providers: ['Microsoft-Windows-Application-Experience'],
    },
    applocker: {
      channels: [
        'Microsoft-Windows-AppLocker/MSI and Script',
        'Microsoft-Windows-AppLocker/EXE and DLL',
        'Microsoft-Windows-AppLocker/Packaged app-Deployment',
        'Microsoft-Windows-AppLocker/Packaged app-Execution',
      ],
      providers: ['Microsoft-Windows-AppLocker'],
    },
    'appmodel-runtime': {
      channels: ['Microsoft-Windows-AppModel-Runtime/Admin'],
      providers: ['Microsoft-Windows-AppModel-Runtime'],
    },
    'appxdeployment-server': {
      channels: ['Microsoft-Windows-AppXDeploymentServer/Operational'],
      providers: ['Microsoft-Windows-AppXDeployment-Server'],
    },
    'appxpackaging-om': {
      channels: ['Microsoft-Windows-AppxPackaging/Operational'],
      providers: ['Microsoft-Windows-AppxPackagingOM'],
    },
    bitlocker: { channels: ['Microsoft-Windows-BitLocker/BitLocker Management'] },
    'bits-client': { channels: ['Microsoft-Windows-Bits-Client/Operational'], providers: ['Microsoft-Windows-Bits-Client'] },
    capi2: { channels: ['Microsoft-Windows-CAPI2/Operational'], providers: ['Microsoft-Windows-CAPI2'] },
    'certificateservicesclient-lifecycle-system': {
      channels: ['Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational'],
      providers: ['Microsoft-Windows-CertificateServicesClient-Lifecycle-System'],
    },
    'codeintegrity-operational': {
      channels: ['Microsoft-Windows-CodeIntegrity/Operational'],
      providers: ['Microsoft-Windows-CodeIntegrity'],
    },
    dhcp: {
      channels: ['Microsoft-Windows-DHCP-Server/Operational', 'DhcpAdminEvents'],
      providers: ['Microsoft-Windows-DHCP-Server'],
    },
    'diagnosis-scripted': {
      channels: ['Microsoft-Windows-Diagnosis-Scripted/Operational'],
      providers: ['Microsoft-Windows-Diagnosis-Scripted'],
    },
    // The first is the path that Event Viewer displays.
    'dns-client': {
      channels: ['Microsoft-Windows-DNS Client Events/Operational', 'Microsoft-Windows-DNS-Client/Operational'],
      providers: ['Microsoft-Windows-DNS-Client'],
    },
    'dns-server': { channels: ['DNS Server'], providers: ['Microsoft-Windows-DNS-Server-Service'] },
    'dns-server-analytic': { channels: ['Microsoft-Windows-DNS-Server/Analytical', 'Microsoft-Windows-DNSServer/Analytical'] },
    // Sample logs have the name without the hyphen.
    'dns-server-audit': { channels: ['Microsoft-Windows-DNS-Server/Audit', 'Microsoft-Windows-DNSServer/Audit'] },
    'driver-framework': {
      channels: ['Microsoft-Windows-DriverFrameworks-UserMode/Operational'],
      providers: ['Microsoft-Windows-DriverFrameworks-UserMode'],
    },
    'firewall-as': {
      channels: ['Microsoft-Windows-Windows Firewall With Advanced Security/Firewall'],
      providers: ['Microsoft-Windows-Windows Firewall With Advanced Security'],
    },
    // Configurations name the common prefix only.
    'hyper-v-worker': {
      channels: [
        'Microsoft-Windows-Hyper-V-Worker',
        'Microsoft-Windows-Hyper-V-Worker-Admin',
        'Microsoft-Windows-Hyper-V-Worker-Operational',
      ],
      providers: ['Microsoft-Windows-Hyper-V-Worker'],
    },
    'iis-configuration': { channels: ['Microsoft-IIS-Configuration/Operational'] },
    // Configurations name the common prefix only.
    'kernel-event-tracing': {
      channels: [
        'Microsoft-Windows-Kernel-EventTracing',
        'Microsoft-Windows-Kernel-EventTracing/Admin',
        'Microsoft-Windows-Kernel-EventTracing/Analytic',
      ],
    },
    'kernel-shimengine': {
      channels: ['Microsoft-Windows-Kernel-ShimEngine/Operational', 'Microsoft-Windows-Kernel-ShimEngine/Diagnostic'],
      providers: ['Microsoft-Windows-Kernel-ShimEngine'],
    },
    ldap: { channels: ['Microsoft-Windows-LDAP-Client/Debug'], providers: ['Microsoft-Windows-LDAP-Client'] },
    'lsa-server': { channels: ['Microsoft-Windows-LSA/Operational'], providers: ['LsaSrv'] },
    'msexchange-management': { channels: ['MSExchange Management'], providers: ['MSExchange CmdletLogs'] },
    ntfs: { channels: ['Microsoft-Windows-Ntfs/Operational'], providers: ['Microsoft-Windows-Ntfs'] },
    ntlm: { channels: ['Microsoft-Windows-NTLM/Operational'], providers: ['Microsoft-Windows-NTLM'] },
    openssh: { channels: ['OpenSSH/Operational'], providers: ['OpenSSH'] },
    'printservice-admin': { channels: ['Microsoft-Windows-PrintService/Admin'], providers: ['Microsoft-Windows-PrintService'] },
    'printservice-operational': {
      channels: ['Microsoft-Windows-PrintService/Operational'],
      providers: ['Microsoft-Windows-PrintService'],
    },
    // The real names have no blank.
    'security-mitigations': {
      channels: [
        'Microsoft-Windows-Security-Mitigations/Kernel Mode',
        'Microsoft-Windows-Security-Mitigations/User Mode',
        'Microsoft-Windows-Security-Mitigations/KernelMode',
        'Microsoft-Windows-Security-Mitigations/UserMode',
      ],
      providers: ['Microsoft-Windows-Security-Mitigations'],
    },
    sense: { channels: ['Microsoft-Windows-SENSE/Operational'] },
    'shell-core': { channels: ['Microsoft-Windows-Shell-Core/Operational'], providers: ['Microsoft-Windows-Shell-Core'] },
    // Used by SigmaHQ rules, missing from the taxonomy appendix; so is smbserver-connectivity.
    'smbclient-connectivity': {
      channels: ['Microsoft-Windows-SmbClient/Connectivity'],
      providers: ['Microsoft-Windows-SMBClient'],
    },
    'smbclient-security': { channels: ['Microsoft-Windows-SmbClient/Security'], providers: ['Microsoft-Windows-SMBClient'] },
    'smbserver-connectivity': { channels: ['Microsoft-Windows-SMBServer/Connectivity'] },
    // Many providers write to it: the channel alone decides. The same holds for application.
    system: { channels: ['System'] },
    taskscheduler: { channels: ['Microsoft-Windows-TaskScheduler/Operational'], providers: ['Microsoft-Windows-TaskScheduler'] },
    'terminalservices-localsessionmanager': {
      channels: ['Microsoft-Windows-TerminalServices-LocalSessionManager/Operational'],
      providers: ['Microsoft-Windows-TerminalServices-LocalSessionManager'],
    },
    vhdmp: { channels: ['Microsoft-Windows-VHDMP/Operational'] },
    // pySigma and hayabusa write the last name, although no such channel exists.
    'servicebus-client': {
      channels: ['Microsoft-ServiceBus-Client/Operational', 'Microsoft-ServiceBus-Client/Admin', 'Microsoft-ServiceBus-Client'],
    },
  },
  serviceAliases: {
    // The name before taxonomy 2.0.0.
    ldap_debug: 'ldap',
    'microsoft-servicebus-client': 'servicebus-client',
  },
};
